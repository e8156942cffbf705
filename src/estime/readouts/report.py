"""A report: one scope's stored figures as text, tables and things to draw, in one language."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from estime.engagement import api
from estime.kernel.configuration import configuration
from estime.readouts import wording as w
from estime.readouts.sections.active import active_section
from estime.readouts.sections.answers import answers_section
from estime.readouts.sections.behaviour import behaviour_section
from estime.readouts.sections.channels import channels_section
from estime.readouts.sections.likes_hide import likes_hide_section, passed_on_section
from estime.readouts.sections.map import map_section
from estime.readouts.sections.map_health import health_section, losses_section
from estime.readouts.sections.map_moves import moves_section
from estime.readouts.sections.presence import presence_section
from estime.readouts.sections.reciprocity import reciprocity_section
from estime.readouts.sections.retention import retention_section
from estime.readouts.sections.split import split_section
from estime.readouts.sections.words_deeds import words_deeds_section
from estime.readouts.shapes import Report, Section
from estime.readouts.shelf import Shelf
from estime.readouts.together import ALL, MEASURES, Place, places_of, truth_together
from estime.readouts.truth import truth_build

MENU = (
    active_section,
    answers_section,
    likes_hide_section,
    passed_on_section,
    presence_section,
    map_section,
    health_section,
    moves_section,
    losses_section,
    split_section,
    retention_section,
    words_deeds_section,
    behaviour_section,
    reciprocity_section,
)
MAPPED = ("map", "map-health", "map-moves", "before-losses")
"""The sections that the page of the map shows."""
# Channels that ended at different times have no last weeks in common: only what is dated adds up.
ENDED_MENU = (active_section, retention_section)
# Of a page that gives totals only, who stays or whether the brand answers is not known: nothing is said.
TOTALS_MENU = (likes_hide_section, passed_on_section)


def scope_title(info: api.ScopeInfo) -> str:
    return _("All channels") if info.name == ALL else info.title or info.name


def scope_find(edition: api.Edition, scope: str) -> api.ScopeInfo | None:
    return next((info for info in edition.scopes if info.name == scope), None)


def scope_front(edition: api.Edition) -> str:
    """What a reader sees first: what `report.front` names; else all channels together, or the only one."""
    names = [info.name for info in edition.scopes]
    wanted = configuration().report.front
    others = [name for name in names if name != ALL]
    if wanted in others:
        return wanted
    return others[0] if len(others) == 1 or (others and ALL not in names) else ALL


def about(info: api.ScopeInfo, *, totals_only: bool = False) -> str:
    """What stands behind the figures: how many acts, from when to when."""
    if info.first_act is None or info.last_act is None:
        return ""
    first, last = w.month(info.first_act.date()), w.month(info.last_act.date())
    if not info.acts:
        return _("totals only, {first} to {last}").format(first=first, last=last)
    if totals_only and first == last:
        told = ngettext("{n} post of the page in {first}", "{n} posts of the page in {first}", info.acts)
    elif totals_only:
        told = ngettext(
            "{n} post of the page, {first} to {last}", "{n} posts of the page, {first} to {last}", info.acts
        )
    elif first == last:
        told = ngettext("{n} act in {first}", "{n} acts in {first}", info.acts)
    else:
        told = ngettext("{n} act, {first} to {last}", "{n} acts, {first} to {last}", info.acts)
    return told.format(n=w.count(info.acts), first=first, last=last)


def attribution(edition: api.Edition, info: api.ScopeInfo) -> str:
    """Whose data is shown; all channels together owe thanks to each."""
    if info.name != ALL:
        return info.attribution
    return " · ".join(gathered([other.attribution for other in edition.scopes if other.attribution]))


def gathered(attributions: Sequence[str]) -> list[str]:
    """The same sentence once, with the addresses that end it one after the other."""
    ends: dict[str, dict[str, None]] = {}
    for told in attributions:
        start, _space, end = told.rpartition(" ")
        if "/" not in end:
            start, end = told, ""
        ends.setdefault(start, {})[end] = None
    return [" ".join(filter(None, (start, ", ".join(filter(None, each))))) for start, each in ends.items()]


def report_build(
    edition: api.Edition, scope: str, lang: str, now: Sequence[api.Figure] | None = None
) -> Report | None:
    """None when the edition does not know the scope. `now`: figures of all scopes, where they are read already."""
    info = scope_find(edition, scope)
    if info is None:
        return None
    if now is None and scope == ALL:
        now = api.figures_now(MEASURES)
    beside = [figure for figure in now or () if figure.measure in MEASURES] if scope == ALL else ()
    return report_of(edition, info, lang, api.figures(scope), beside)


def report_of(
    edition: api.Edition,
    info: api.ScopeInfo,
    lang: str,
    figures: Sequence[api.Figure],
    beside: Sequence[api.Figure] = (),
) -> Report:
    """`beside`: of all channels together, the current figures of each; charts need none of them."""
    as_of = edition.as_of.get(info.name) or info.last_act or edition.made_at
    shelf = Shelf(figures, archive=info.archive, together=info.name == ALL, scope=info.name, as_of=as_of)
    places = places_of(edition, beside) if beside else []
    with override(lang):
        truth = truth_build(shelf, as_of)
        return Report(
            edition=edition.id,
            lang=lang,
            scope=info.name,
            title=scope_title(info),
            about=about(info, totals_only=shelf.totals_only),
            archive=info.archive,
            as_of=as_of,
            made_at=edition.made_at,
            attribution=attribution(edition, info),
            truth=truth_together(places, truth),
            sections=(*_channels(places), *_sections(shelf)),
            figures=tuple(figures),
        )


def _channels(places: Sequence[Place]) -> list[Section]:
    section = channels_section(places) if len(places) > 1 else None
    return [section] if section else []


def _sections(shelf: Shelf) -> list[Section]:
    menu: Sequence[Callable[[Shelf], Section | None]] = MENU
    if shelf.totals_only:
        menu = TOTALS_MENU
    elif shelf.together and shelf.archive:
        menu = ENDED_MENU
    return [section for build in menu if (section := build(shelf)) is not None]
