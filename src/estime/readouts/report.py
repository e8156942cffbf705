"""A report: one scope's stored figures as text, tables and things to draw, in one language."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from estime.engagement import api
from estime.kernel.configuration import configuration
from estime.readouts import wording as w
from estime.readouts.sections.active import active_section
from estime.readouts.sections.answers import answers_section
from estime.readouts.sections.behaviour import behaviour_section
from estime.readouts.sections.likes_hide import likes_hide_section, passed_on_section
from estime.readouts.sections.presence import presence_section
from estime.readouts.sections.reciprocity import reciprocity_section
from estime.readouts.sections.retention import retention_section
from estime.readouts.sections.split import split_section
from estime.readouts.sections.words_deeds import words_deeds_section
from estime.readouts.shapes import Report
from estime.readouts.shelf import Shelf
from estime.readouts.truth import truth_build

ALL = "*"
MENU = (
    active_section,
    answers_section,
    likes_hide_section,
    passed_on_section,
    presence_section,
    split_section,
    retention_section,
    words_deeds_section,
    behaviour_section,
    reciprocity_section,
)
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


def about(info: api.ScopeInfo) -> str:
    """What stands behind the figures: how many acts, from when to when."""
    if info.first_act is None or info.last_act is None:
        return ""
    first, last = w.month(info.first_act.date()), w.month(info.last_act.date())
    if not info.acts:
        return _("totals only, {first} to {last}").format(first=first, last=last)
    if first == last:
        told = ngettext("{n} act in {first}", "{n} acts in {first}", info.acts)
    else:
        told = ngettext("{n} act, {first} to {last}", "{n} acts, {first} to {last}", info.acts)
    return told.format(n=w.count(info.acts), first=first, last=last)


def attribution(edition: api.Edition, info: api.ScopeInfo) -> str:
    """Whose data is shown; all channels together owe thanks to each."""
    if info.name != ALL:
        return info.attribution
    told = dict.fromkeys(other.attribution for other in edition.scopes if other.attribution)
    return " · ".join(told)


def report_build(edition: api.Edition, scope: str, lang: str) -> Report | None:
    """None when the edition does not know the scope."""
    info = scope_find(edition, scope)
    if info is None:
        return None
    return report_of(edition, info, lang, api.figures(scope))


def report_of(edition: api.Edition, info: api.ScopeInfo, lang: str, figures: Sequence[api.Figure]) -> Report:
    as_of = edition.as_of.get(info.name) or info.last_act or edition.made_at
    shelf = Shelf(figures, archive=info.archive)
    menu = TOTALS_MENU if shelf.totals_only else MENU
    with override(lang):
        return Report(
            edition=edition.id,
            lang=lang,
            scope=info.name,
            title=scope_title(info),
            about=about(info),
            archive=info.archive,
            as_of=as_of,
            made_at=edition.made_at,
            attribution=attribution(edition, info),
            truth=truth_build(shelf, as_of),
            sections=tuple(section for build in menu if (section := build(shelf)) is not None),
            figures=tuple(figures),
        )
