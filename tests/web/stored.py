"""What a refresh leaves behind, for the web tests: an edition, its figures, its charts."""

from drawing import drawn_once
from readouts import told

from estime.engagement import api
from estime.engagement.models import Edition, StoredFigure
from estime.readouts.actions import publish


def _jsonable(info: api.ScopeInfo) -> dict[str, object]:
    times = {"first_act": info.first_act, "last_act": info.last_act}
    return info._asdict() | {name: moment.isoformat() if moment else None for name, moment in times.items()}


def store(*scopes: tuple[api.ScopeInfo, list[api.Figure]], draw: bool = True) -> None:
    """What a refresh leaves behind: an edition, its figures, its charts."""
    infos = [info for info, _figures in scopes]
    as_of = {info.name: told.AS_OF.isoformat() for info in infos}
    Edition.objects.create(
        made_at=told.MADE,
        batch=1,
        observations=0,
        digest="",
        scopes={"scopes": [_jsonable(info) for info in infos], "as_of": as_of},
    )
    StoredFigure.objects.all().delete()
    StoredFigure.objects.bulk_create(
        StoredFigure(**(figure._asdict() | {"scope": info.name}))
        for info, figures in scopes
        for figure in figures
    )
    edition = api.edition()
    assert edition is not None
    if draw:
        with drawn_once():
            publish(edition)
