"""The validity report as a report: sentences first, then tables and charts. Pages, terminal and mail show it alike."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from estime.engagement import api
from estime.kernel.configuration import configuration
from estime.readouts import wording as w
from estime.readouts.report import scope_find, scope_title
from estime.readouts.sections.durability import durability_section, expected_words
from estime.readouts.sections.felt import (
    affect_section,
    affect_words,
    heard_words,
    placebo_words,
    thirds_words,
    toward_words,
)
from estime.readouts.sections.validity import (
    calibration_section,
    cuts_section,
    evidence_section,
    lead_words,
    models_section,
)
from estime.readouts.shapes import Report, Section, Truth, phrase
from estime.readouts.validity_words import Told, short


def validity_report(told: Told, lang: str) -> Report:
    """`told` is what `engagement.validate` says of one scope."""
    with override(lang):
        edition = api.edition()
        info = None if edition is None else scope_find(edition, told["scope"])
        titles = {} if edition is None else {each.name: scope_title(each) for each in edition.scopes}
        made_at = datetime.fromisoformat(told["made_at"])
        sections = _sections(told, titles)
        return Report(
            edition=0 if edition is None else edition.id,
            lang=lang,
            scope=told["scope"],
            title=titles.get(told["scope"], told["scope"] if told["scope"] != "*" else _("All channels")),
            about=_("Validity report"),
            archive=info is not None and info.archive,
            as_of=datetime.fromisoformat(told["as_of"]) if told["as_of"] else made_at,
            made_at=made_at,
            attribution="" if info is None else info.attribution,
            truth=Truth(tuple(phrase("{words}", words=words) for words in sentences(told)), _under(told)),
            sections=tuple(sections),
            figures=(),
        )


def sentences(told: Told) -> list[str]:
    """The report in whole sentences, in the active language."""
    if told["outcome"] != "measured":
        return [
            _("There is no telling yet how well it can be foreseen who stays."),
            short(told),
            expected_words(told),
        ]
    auc = told["durability"]["auc"]
    found = []
    if told["few"]:
        found.append(_("So few people came again, or did not, that what follows says next to nothing."))
    if auc["value"] is not None:
        found.append(
            _(
                "Of two people, one who came again within 90 days and one who did not, the right one was named "
                "{share} of the time ({interval})."
            ).format(share=w.percent(auc["value"]), interval=w.percent_interval(auc["low"], auc["high"]))
        )
    thirds = thirds_words(told, configuration().privacy.smallest_group)
    felt = [affect_words(told), thirds, heard_words(told), toward_words(told), placebo_words(told)]
    found += [lead_words(told), *felt, expected_words(told)]
    return [words for words in found if words]


def _under(told: Told) -> tuple[str, ...]:
    if told["outcome"] != "measured":
        return ()
    cuts = ngettext("{n} moment of the past", "{n} moments of the past", len(told["cuts"]))
    people = ngettext("{n} person", "{n} people", told["persons"])
    share = told["prevalence"]
    return (
        _("{people} at {cuts}, {n} predictions in all").format(
            people=people.format(n=w.count(told["persons"])),
            cuts=cuts.format(n=w.count(len(told["cuts"]))),
            n=w.count(told["n"]),
        ),
        *([] if share is None else [_("{share} came again").format(share=w.percent(share))]),
        _("each told from what was known that day, and judged by the 90 days after"),
    )


def _sections(told: Told, titles: dict[str, str]) -> list[Section]:
    expected = durability_section(told, titles)
    if told["outcome"] != "measured":
        return [expected]
    fewest = configuration().privacy.smallest_group
    return [
        expected,
        models_section(told),
        calibration_section(told),
        affect_section(told, fewest),
        evidence_section(told),
        cuts_section(told, fewest),
    ]
