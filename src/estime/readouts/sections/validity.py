"""Sections of the validity report: how well it tells, whether it is honest, what each kind of evidence adds."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from estime.readouts import wording as w
from estime.readouts.shapes import Chart, Mark, Row, Section, Table, phrase, table
from estime.readouts.validity_words import (
    BASELINES,
    BETTER,
    OPEN,
    WORSE,
    Told,
    by_chance,
    came,
    claim,
    estimate,
    evidence,
    lead,
    model,
    moment,
    scores_row,
    verdict,
)

EVIDENCE: Final = ("rhythm", "role", "replies", "partners", "conversations", "likes", "words")
HONEST: Final = (0.8, 1.25)
"""Slopes between these are told as honest."""


def models_section(told: Told) -> Section:
    names = ("durability", *(name for name in BASELINES if name in told["baselines"]))
    each = {name: told["durability"] if name == "durability" else told["baselines"][name] for name in names}
    marks = tuple(_mark(model(name), scores["auc"]) for name, scores in each.items())
    rows = [scores_row(model(name), scores) for name, scores in each.items()]
    alt = "; ".join(f"{mark.series}: {mark.label}" for mark in marks)
    return Section(
        id="validity-models",
        title=_("How well it tells, beside simpler ways"),
        sentence=_(
            "AUC: of two people, one who came again and one who did not, how often the right one was named. "
            "Half is chance. Brier: how far what was said lies from what came; the smaller, the better."
        ),
        definition="",
        chart=Chart("bars", "share", _("AUC of each way: {told}.").format(told=alt), marks),
        table=Table(
            _("Each way of telling on the same people, with intervals"),
            (_("Way"), _("AUC"), _("Brier"), _("AUC gained"), _("Brier gained")),
            tuple(rows),
            shown=True,
        ),
        note=_(
            "Gained: how much better “Likely to stay” is. An interval that holds 0 leaves open which one is better. "
            "Intervals are over people; that another year may be another world is not in them."
        ),
    )


def _mark(name: str, auc: Told) -> Mark:
    return Mark(name, auc["value"] or 0.0, auc["low"], auc["high"], label=estimate(auc))


def calibration_section(told: Told) -> Section:
    found = told["calibration"]
    bins = [each for each in found["bins"] if each["n"]]
    marks = tuple(map(_bin, bins))
    alt = "; ".join(f"{mark.series}, {pgettext('validity', 'came')} {mark.label}" for mark in marks)
    return Section(
        id="validity-calibration",
        title=_("When it says 30 %, do 30 % come?"),
        sentence=_(
            "People in order of what was said of them, in groups of equal size. "
            "On the dotted line, what was said came true."
        ),
        definition="",
        finding=() if told["few"] else phrase(_honest(found), slope=estimate(_line(found, "slope"), 2)),
        chart=Chart(
            "calibration",
            "share",
            _("Said and came: {told}.").format(told=alt),
            marks,
            pgettext("validity", "said"),
        )
        if bins
        else None,
        table=_bins(bins) if bins else None,
        legend=_("Upwards, the share that came, with its interval; to the right, what was said."),
        note=""
        if told["few"]
        else _("Intercept {intercept}; 0 is honest, below it too much was promised.").format(
            intercept=estimate(_line(found, "intercept"), 2)
        ),
    )


def _bin(each: Told) -> Mark:
    return Mark(
        _("said {share}").format(share=w.percent(each["said"])),
        each["came"],
        each["low"],
        each["high"],
        label=w.percent(each["came"]),
        said=each["said"],
    )


def _bins(bins: Sequence[Told]) -> Table:
    return table(
        _("What was said, and what came"),
        [pgettext("validity", "Said"), pgettext("validity", "Came"), _("Interval"), _("Predictions")],
        [
            [
                w.percent(each["said"]),
                w.percent(each["came"]),
                w.percent_interval(each["low"], each["high"]),
                w.count(each["n"]),
            ]
            for each in bins
        ],
    )


def _line(found: Told, name: str) -> Told:
    """Slope or intercept as an estimate; reports made before there were intervals have none."""
    return {"value": found[name], "low": found.get(f"{name}_low"), "high": found.get(f"{name}_high")}


def _honest(found: Told) -> str:
    slope = _line(found, "slope")
    if HONEST[0] <= slope["value"] <= HONEST[1]:
        return _("What it says can be taken as it stands (slope {slope}; 1 is honest).")
    if slope["low"] is not None and slope["low"] <= 1 <= slope["high"]:
        return _("Whether what it says can be taken as it stands is left open (slope {slope}; 1 is honest).")
    if slope["value"] < 1:
        return _("It was too sure of itself (slope {slope}; 1 is honest).")
    return _("It was too timid (slope {slope}; 1 is honest).")


def evidence_section(told: Told) -> Section:
    names = ["rhythm_only", *(f"without_{name}" for name in EVIDENCE), "with_season"]
    each = {name: told["ablations"][name] for name in names if name in told["ablations"]}
    needed, harmful = (
        [
            evidence(name.removeprefix("without_"))
            for name, scores in each.items()
            if name.startswith("without_") and claim(told, scores) == verdict_
        ]
        for verdict_ in (BETTER, WORSE)
    )
    rows = [scores_row(model(name), scores) for name, scores in each.items()]
    finding = (
        _("It tells worse without {names}.").format(names=", ".join(needed))
        if needed
        else _("Of no single kind of evidence can it be shown that it is missed when it is left out.")
    )
    if harmful:
        finding += " " + _("It tells better without {names}.").format(names=", ".join(harmful))
    return Section(
        id="validity-evidence",
        title=_("What really tells who stays"),
        sentence=_("The same model, knowing less. A gain above 0: what was left out had helped."),
        definition="",
        finding=phrase("{words}", words=finding),
        table=Table(
            _("“Likely to stay” with less to know, with intervals"),
            (_("What it knew"), _("AUC"), _("Brier"), _("AUC gained"), _("Brier gained")),
            tuple(rows),
            shown=True,
        ),
        note=" ".join(
            (_("What helps to tell is not what makes people stay: these are associations."), by_chance())
        ),
    )


def cuts_section(told: Told, fewest: int) -> Section:
    rows = [
        [
            moment(each["day"]),
            *(
                [w.count(each["n"]), came(each["came"]), w.count(each["said"]), *_of_cut(each)]
                if each["n"] is not None and each["n"] >= fewest
                else [_("too few to be told"), "", "", "", ""]
            ),
        ]
        for each in told["cuts"]
    ]
    note = ""
    if told["skipped"]:
        note = ngettext(
            "At {n} moment there was too little to learn from.", "At {n} moments there was too little to learn from.",
            len(told["skipped"]),
        ).format(n=w.count(len(told["skipped"])))  # fmt: skip
    return Section(
        id="validity-cuts",
        title=_("From moment to moment"),
        sentence=_("At each of these days only the past was known; the 90 days after say who was right."),
        definition="",
        table=Table(
            _("Each judged moment"),
            (
                _("Day"),
                _("Asked about"),
                pgettext("validity", "Came"),
                _("Expected"),
                _("AUC"),
                _("AUC of RFM"),
            ),
            tuple(Row(tuple(row)) for row in rows),
            shown=True,
        ),
        note=note,
    )


def _of_cut(each: Told) -> list[str]:
    return [_("not known") if each[name] is None else w.number(each[name], 3) for name in ("auc", "rfm_auc")]


def lead_words(told: Told) -> str:
    """Against the usual way, as loudly one way as the other."""
    rfm = told["baselines"]["rfm"]
    found = OPEN if told["few"] else verdict(rfm.get("auc_lead"))
    words = {
        BETTER: _("That is better than the usual way, recency, frequency and age alone: AUC {lead}."),
        WORSE: _("The usual way, recency, frequency and age alone, is better here: AUC {lead}."),
    }
    open_ = _(
        "Whether that is better than the usual way, recency, frequency and age alone, is left open: AUC {lead}."
    )
    return words.get(found, open_).format(lead=lead(rfm.get("auc_lead")))
