"""The claim that the product rests on, tested: what people feel, beside what they do and beside random feelings."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from estime.readouts import wording as w
from estime.readouts.shapes import Row, Section, Table, phrase
from estime.readouts.validity_words import (
    BETTER,
    OPEN,
    WORSE,
    Told,
    by_chance,
    came,
    claim,
    estimate,
    lead,
    part,
    scores_row,
)


def affect_words(told: Told) -> str:
    """The claim that the product rests on, tested: said as loudly when it does not hold."""
    if not told["affect"]:
        return _(
            "Whether what people feel adds to what they do is not known here: no text was read clearly enough."
        )
    whole = told["affect"][0]["without"]
    words = {
        BETTER: _(
            "What people feel adds to what they do: with it, who stays is told better (AUC {auc}; Brier {brier})."
        ),
        WORSE: _(
            "What people feel makes it worse: who stays is told better without it (AUC {auc}; Brier {brier})."
        ),
        OPEN: _(
            "What people feel adds nothing that can be shown to what they do (AUC {auc}; Brier {brier})."
        ),
    }
    return words[claim(told, whole)].format(**_leads(whole))


def heard_words(told: Told) -> str:
    """What was tested, and on how many texts: their tone alone, or what they feel toward the brand too."""
    heard = told.get("heard")
    if not told["affect"] or not heard:
        return ""
    tone = ngettext("{n} text", "{n} texts", heard["tone"]).format(n=w.count(heard["tone"]))
    if heard["toward"]:
        words = _(
            "Tested on the tone of {tone}, and on what {toward} of them feel toward the brand or its products."
        )
        return words.format(tone=tone, toward=w.count(heard["toward"]))
    if heard["toward"] is None:
        words = _(
            "Tested on the tone of {tone}; too few people wrote of the brand for that to be told apart."
        )
    else:
        words = _(
            "Tested on the tone of {tone}; of none is it known what it feels toward the brand or its products."
        )
    return words.format(tone=tone)


def toward_words(told: Told) -> str:
    """What is felt toward the brand, beside what people do, without the tone of anything else."""
    found = told.get("toward")
    if not found:
        return ""
    words = {
        BETTER: _(
            "What is felt toward the brand, by itself, adds to what people do (AUC {auc}; Brier {brier})."
        ),
        WORSE: _(
            "What is felt toward the brand, by itself, makes it worse: who stays is told better without it "
            "(AUC {auc}; Brier {brier})."
        ),
        OPEN: _(
            "What is felt toward the brand, by itself, adds nothing that can be shown to what people do "
            "(AUC {auc}; Brier {brier})."
        ),
    }
    return words[claim(told, found)].format(**_leads(found))


def placebo_words(told: Told) -> str:
    """Do feelings tell more than as many feelings that are nobody's? A null result is said as loudly as a success."""
    found = told.get("placebo")
    if not found:
        return ""
    words = {
        BETTER: _(
            "Taken alone, what people feel tells more than as many random feelings: dealt out among the same texts, "
            "the same readings tell worse who stays (AUC {auc}; Brier {brier})."
        ),
        WORSE: _(
            "Taken alone, what people feel tells less than as many random feelings: dealt out among the same texts, "
            "the same readings tell better who stays (AUC {auc}; Brier {brier})."
        ),
        OPEN: _(
            "Taken alone, what people feel tells nothing that can be shown beyond as many random feelings, dealt out "
            "among the same texts (AUC {auc}; Brier {brier})."
        ),
    }
    said = words[claim(told, found)].format(**_leads(found))
    return said if claim(told, found) == BETTER or told["few"] else f"{said} {_counts_too()}"


def _leads(found: Told) -> dict[str, str]:
    return {name: lead(found.get(f"{name}_lead")) or _("not known") for name in ("auc", "brier")}


def thirds_words(told: Told, fewest: int) -> str:
    """The same within thirds of behaviour: where it adds, where it harms, or that it does nothing to be shown."""
    thirds = [each for each in told["affect"][1:] if each["n"] >= fewest]
    if not thirds:
        return ""
    found = {verdict_: [part(each["name"]) for each in thirds if claim(told, each["without"]) == verdict_]
             for verdict_ in (BETTER, WORSE)}  # fmt: skip
    said = [
        _("Within thirds of behaviour it adds to: {parts}.").format(parts=", ".join(found[BETTER]))
        if found[BETTER]
        else _("Within no third of behaviour does it add anything that can be shown.")
    ]
    if found[WORSE]:
        said.append(_("It makes it worse within: {parts}.").format(parts=", ".join(found[WORSE])))
    return " ".join(said)


def _counts_too() -> str:
    return _("As far as can be shown, what it tells alone is how much somebody writes, not what they feel.")


def affect_section(told: Told, fewest: int) -> Section:
    rows = _felt_rows(told, fewest)
    each = (affect_words, lambda told: thirds_words(told, fewest), heard_words, toward_words, placebo_words)
    return Section(
        id="validity-affect",
        title=_("Does what people feel add to what they do?"),
        sentence=_(
            "The same model with and without what was read in texts; then what was read in texts, and nothing else."
        ),
        definition="",
        finding=phrase("{words}", words=" ".join(filter(None, (words(told) for words in each)))),
        table=Table(
            _("What is felt adds to “Likely to stay”, overall and by how much people did lately"),
            (
                pgettext("validity", "Of"),
                _("Predictions"),
                pgettext("validity", "Came"),
                _("AUC gained"),
                _("Brier gained"),
            ),
            rows,
            shown=True,
        )
        if rows
        else None,
        note=_alone(told),
    )


def _felt_rows(told: Told, fewest: int) -> tuple[Row, ...]:
    def row(name: str, n: int, those: int | None, scores: Told) -> Row:
        return scores_row(name, scores, (w.count(n), came(those)))

    rows = [
        row(part(each["name"]), each["n"], each["came"], each["without"])
        for each in told["affect"]
        if each["n"] >= fewest
    ]
    others = {"toward": _("Toward the brand, by itself"), "placebo": _("Alone, over random feelings")}
    if rows:
        whole = told["affect"][0]
        rows += [
            row(words, whole["n"], whole["came"], told[name])
            for name, words in others.items()
            if told.get(name)
        ]
    return tuple(rows)


def _alone(told: Told) -> str:
    alone, dealt = (told["ablations"].get(name) for name in ("affect_alone", "affect_dealt"))
    if alone is None:
        return ""
    said = [
        _("Alone, what texts feel like has an AUC of {auc} (half is chance) and a Brier of {brier}.").format(
            auc=estimate(alone["auc"]), brier=estimate(alone["brier"])
        )
    ]
    if dealt is not None:
        words = _("Dealt out at random among the same texts, the same readings have {auc} and {brier}.")
        said.append(words.format(auc=estimate(dealt["auc"]), brier=estimate(dealt["brier"])))
    return " ".join((*said, by_chance()))
