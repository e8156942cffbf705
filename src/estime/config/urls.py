"""The URL map. The web part's patterns carry the language in the path, so they stand here as they are."""

from django.urls import path

from estime.config.health import health, ready
from estime.config.metrics import metrics
from estime.rest import urls as rest
from estime.web import urls as web

# Answered by config/middleware.py before anything else; they stand here so that every address is told.
probes = [path("health", health), path("ready", ready), path("metrics", metrics)]
urlpatterns = [*probes, *rest.urlpatterns, *web.urlpatterns]
handler400 = web.handler400
handler403 = web.handler403
handler404 = web.handler404
handler500 = web.handler500
