"""What was read in texts, in words: never by a colour or a sign alone."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from estime.listening import api as listening
from estime.readouts import wording

POLARITIES: Final = {
    "negative": pgettext_lazy("how a text reads", "negative"),
    "neutral": pgettext_lazy("how a text reads", "neutral"),
    "positive": pgettext_lazy("how a text reads", "positive"),
}
EMOTIONS: Final = {
    "anger": gettext_lazy("anger"),
    "anticipation": gettext_lazy("anticipation"),
    "disgust": gettext_lazy("disgust"),
    "fear": gettext_lazy("fear"),
    "joy": gettext_lazy("joy"),
    "sadness": gettext_lazy("sadness"),
    "surprise": gettext_lazy("surprise"),
    "trust": pgettext_lazy("an emotion", "trust"),
}
LANGUAGES: Final = {
    "fr": gettext_lazy("French"),
    "en": gettext_lazy("English"),
    "other": gettext_lazy("Another language"),
    "und": gettext_lazy("Too short to tell"),
}
KINDS: Final = {
    "brand": gettext_lazy("The brand"),
    "product": gettext_lazy("A product"),
    "member": gettext_lazy("Another member"),
    "third_party": gettext_lazy("Somebody else"),
}


def reading_words(reading: listening.TextReading | None) -> str:
    """“Reads as negative, 83 %; anger”, “It cannot be told how it reads”."""
    if reading is None:
        return _("Not read yet")
    felt = [str(EMOTIONS[name]) for name in listening.emotions_told(reading)]
    name = listening.polarity_told(reading)
    if not name:
        told = _("It cannot be told how it reads")
        return told if not felt else _("%(told)s; perhaps %(felt)s") % {"told": told, "felt": ", ".join(felt)}
    share = getattr(reading, name) / 1000
    told = _("Reads as %(polarity)s, %(share)s") % {
        "polarity": POLARITIES[name],
        "share": wording.whole_percent(share),
    }
    return "; ".join([told, ", ".join(felt)]) if felt else told


def target_words(reading: listening.TextReading | None) -> str:
    """Whom or what a text is about, as it was read; empty where it cannot be told."""
    if reading is None or not reading.target:
        return ""
    return _about(reading.target, reading.target_id)


def target_name(kind: int, identity: int) -> str:
    """The name of a target: what is listed by its own, others by their kind."""
    listed = listening.target_listed(kind, identity)
    return listed.name if listed is not None else str(KINDS[listening.TARGET_NAMES[kind]])


def about_words(asked: str) -> str:
    """“about Mon savon”: a target as it is asked for; one that is no longer listed is said to be none."""
    found, errors = listening.text_asked({"target": asked})
    if not errors:
        return _about(found.target, found.target_id)
    _kind, _dash, called = asked.partition("-")
    return _("about “%(name)s”, no longer listed") % {"name": (called or asked).replace("-", " ")}


def _about(kind: int, identity: int) -> str:
    name = target_name(kind, identity)
    if listening.target_listed(kind, identity) is None:
        name = name[:1].lower() + name[1:]
    return _("about %(whom)s") % {"whom": name}


def target_options() -> list[tuple[str, str]]:
    """Every target that can be asked for: kinds, and what is listed of each."""
    options = []
    for name, words in KINDS.items():
        kind = listening.TARGET_NAMES.index(name)
        options.append((name, str(words)))
        options += [
            (listening.target_asked(kind, one.identity), f"· {one.name}")
            for one in listening.targets_listed()
            if one.kind == kind
        ]
    return options


def alike_words(alike: int) -> str:
    """“and 12 alike”; more than can be counted is said to be more."""
    if alike >= listening.MOST_ALIKE:
        return _("and more than %(count)s alike") % {"count": wording.count(listening.MOST_ALIKE)}
    return ngettext("and %(count)s alike", "and %(count)s alike", alike) % {"count": wording.count(alike)}
