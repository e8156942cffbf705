"""What an address of the pages of texts asks for. Words in it are sealed, as on the page of acts (`act_filters.py`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from estime.ledger import api as ledger
from estime.listening import api as listening
from estime.readouts.mentions import without_people
from estime.web.frame import may, viewer
from estime.web.listening_words import EMOTIONS, LANGUAGES, POLARITIES, target_options
from estime.web.sealed import seal, unseal

NAMES = (*listening.ASKED, "text", "alert")


@dataclass(frozen=True)
class AskedTexts:
    """`values`: fields as they stand in the address; `errors`: what is wrong, by field; `words`: what is looked for."""

    values: Mapping[str, str]
    told: listening.TextFilter
    words: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    names_left_out: bool = False

    def url(self, name: str = "listening-texts", **changes: str) -> str:
        """The address of a page that takes these fields, some of them changed or (empty) left out."""
        return texts_url(name, **{**self.values, **changes})


def texts_url(name: str = "listening-texts", **fields: str) -> str:
    """The address of the page of texts (or another page that takes its fields) that asks for this."""
    told = {key: value for key, value in fields.items() if value}
    query = urlencode({key: told[key] for key in (*NAMES, *told) if key in told})
    return f"{reverse(name)}?{query}" if query else reverse(name)


def search_url(words: str, asked: Mapping[str, str]) -> str:
    """The address of the texts that a saved search finds."""
    return texts_url(**{**asked, "text": seal(words) if words else ""})


def asked_texts(request: HttpRequest) -> AskedTexts:
    """Read the fields of an address."""
    values = {name: told for name in NAMES if (told := request.GET.get(name, "").strip())}
    words = unseal(values["text"]) if "text" in values else ""
    found, errors = listening.text_asked(values, words or "")
    if words is None:
        errors["text"] = _("This search is older than thirty days. Type it once more.")
    if "alert" in values:
        found = replace(found, fresh=_fresh(request, values["alert"]))
    searched = found.words if may(request, "persons.see") else without_people(found.words)[0]
    return AskedTexts(values, replace(found, words=searched), found.words, errors, searched != found.words)


def _fresh(request: HttpRequest, number: str) -> tuple[int, int]:
    """The steps that an alert is about. Somebody else's is not there."""
    user = viewer(request)
    known = number.isdecimal() and len(number) < 19
    alert = listening.alert_find(user, int(number)) if user is not None and known else None
    if alert is None:
        raise Http404(_("There is no such alert."))
    return (alert.after, alert.upto)


def text_choices() -> dict[str, list[tuple[str, str]]]:
    """What the form offers."""
    channels = [(channel.name, str(channel)) for channel in ledger.channels()]
    return {
        "channel": [("", _("All channels")), *channels],
        "lang": [("", _("All languages")), *((name, str(words)) for name, words in LANGUAGES.items())],
        "polarity": [
            ("", _("All readings")),
            *((name, str(words)[:1].upper() + str(words)[1:]) for name, words in POLARITIES.items()),
            ("unclear", _("Cannot be told")),
        ],
        "emotion": [
            ("", _("All emotions")),
            *((name, str(words)[:1].upper() + str(words)[1:]) for name, words in EMOTIONS.items()),
        ],
        "target": [("", _("Whoever it is about")), *target_options()],
        "brand": [("", _("Everybody")), ("0", _("Members")), ("1", _("The brand"))],
    }
