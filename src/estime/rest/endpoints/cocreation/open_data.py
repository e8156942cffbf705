"""A finished challenge as open data: for whoever leads it to look at and give away. It holds nobody’s name."""

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from django.http import FileResponse, HttpRequest
from ninja import Router

from estime.channels.challenges import api as challenges
from estime.cocreation import api as cocreation
from estime.kernel.home import home
from estime.rest.endpoints.cocreation.asking import LEADING, Number, actor, challenge_open_seen, nothing
from estime.rest.endpoints.cocreation.spaces import READS
from estime.rest.reference import problems

router = Router(tags=["challenges"])


@router.get(
    "/challenges/{number}/data",
    auth=LEADING,
    response={200: str, **READS, **problems(409)},
    operation_id="challenges_data",
    summary="Get a finished challenge as open data",
)
def challenges_data(request: HttpRequest, number: Number) -> FileResponse:
    """A zip of CSV, JSON and, of budgets, `.pb`: what `estime challenge export` writes. Once it is over, for whoever
    leads it: making it reads all of it.
    """
    by = actor(request)
    challenge = challenge_open_seen(number, by)
    if not cocreation.leads(by, challenge):
        raise nothing()
    packed = TemporaryFile(dir=home())  # noqa: SIM115  closed, and so gone, when it was sent
    with TemporaryDirectory(dir=home()) as scratch:
        folder = Path(scratch) / f"challenge-{number}"
        try:
            challenges.challenge_export(challenge, folder)
        except BaseException:
            packed.close()
            raise
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(folder.parent).as_posix())
    packed.seek(0)
    return FileResponse(packed, as_attachment=True, filename=f"challenge-{number}.zip")
