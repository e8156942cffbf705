"""What is shown when something is not there, not allowed, or went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "web/404.html", status=404)


def went_wrong(request: HttpRequest) -> HttpResponse:
    return render(request, "web/500.html", status=500)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "web/403.html", status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "web/csrf.html", status=403)
