"""Estime's addresses, and some for tests: one that takes its time, and one that breaks."""

import time

from django.http import HttpRequest, HttpResponse
from django.urls import path

from estime.config.urls import handler403, handler404, handler500
from estime.config.urls import urlpatterns as estime

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]


def slow(request: HttpRequest) -> HttpResponse:
    time.sleep(float(request.GET["seconds"]))
    return HttpResponse("at last")


def breaks(request: HttpRequest, who: str) -> HttpResponse:
    told = request.body.decode() + request.headers.get("X-Canary", "")
    raise ValueError(f"{who} said {told} at {request.get_full_path()}")


urlpatterns = [path("slow", slow, name="slow"), path("breaks/<str:who>/", breaks, name="breaks"), *estime]
