"""The URL map. The web part's patterns carry the language in the path, so they stand here as they are."""

from estime.web import urls as web

urlpatterns = [*web.urlpatterns]
handler403 = web.handler403
handler404 = web.handler404
handler500 = web.handler500
