"""Pictures of members: shown where they belong to something published, to their owner before."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.views.decorators.http import require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import PictureGone
from estime.web.access import open_to_all
from estime.web.taking_part import found, looking


@require_safe
@open_to_all
def picture(request: HttpRequest, pk: UUID, size: str = "main") -> HttpResponseBase:
    """One picture, whole or small. Its content never changes; who may see it is asked each time it is not kept."""
    member = looking(request)
    with found():
        seen = cocreation.picture_seen(pk, member)
        public = seen.space.public and seen.published and not seen.hidden
        headers = cocreation.picture_headers(seen.sha256, public=public)
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return HttpResponseNotModified(
                headers={name: headers[name] for name in ("ETag", "Cache-Control")}
            )
        try:
            path = cocreation.picture_path(seen.sha256, "thumb" if size == "small" else "main")
        except PictureGone as error:
            raise cocreation.NotFound(error.message) from error
    return FileResponse(path.open("rb"), headers=headers)
