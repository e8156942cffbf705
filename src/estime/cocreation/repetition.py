"""Whether a text says again what was said within the last hour, nearly word for word.

A text is the set of its runs of three words, without accents, marks and quotations. Its echo are the four smallest of
their hashes: texts that are nearly the same have one of them in common (with half of the runs, 15 times in 16).
What is found that way is compared whole: *nearly the same* is at least half of all runs in common. Texts of fewer than
twelve words are never compared: “thank you” is said by many.

The same account is told so and asked to say something else. Several accounts may say the same, as often as they like
(a slogan is no abuse): moderators get a hint, with how many; nothing is held back.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b, sha256
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from estime.cocreation.errors import SaidAlready
from estime.cocreation.models import Comment, Contribution, Echo, Hint, Interpellation, Member

WITHIN: Final = timedelta(hours=1)
KEPT: Final = timedelta(days=1)
FEWEST: Final = 12
ALIKE: Final = 0.5
BANDS: Final = 4
_RUN: Final = 3
_LOOKED_AT: Final = 40
_WORD: Final = re.compile(r"[a-z0-9]+")


class Heard(NamedTuple):
    """A text that is about to be written, and what others wrote lately that is nearly the same."""

    bands: tuple[int, ...]
    others: tuple[str, ...]


def runs_of(text: str) -> frozenset[int]:
    """The hashed runs of three words of a text, what it quotes left out; empty where it is too short to compare."""
    own = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">"))
    plain = unicodedata.normalize("NFKD", own.casefold()).encode("ascii", "ignore").decode()
    words = _WORD.findall(plain)
    if len(words) < FEWEST:
        return frozenset()
    return frozenset(
        int.from_bytes(blake2b(" ".join(words[i : i + _RUN]).encode(), digest_size=8).digest()) >> 1
        for i in range(len(words) - _RUN + 1)
    )


def alike(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether two texts are nearly the same.

    >>> lid = "the lid of this bottle opens by itself in a bag and everything is wet"
    >>> alike(runs_of(lid), runs_of(lid.replace("everything", "all")))
    True
    >>> alike(runs_of(lid), runs_of("the lid of another bottle does not open by itself at all, which is good"))
    False
    """
    return bool(one) and len(one & other) >= ALIKE * len(one | other)


def check_repeated(by: Member, text: str, at: datetime, *, but: Sequence[str] = ()) -> Heard:
    """Look for nearly the same text of the last hour; `but`: what may be repeated (what is built on).

    Raises `SaidAlready` where the same account wrote it.
    """
    runs = runs_of(text)
    bands = tuple(sorted(runs)[:BANDS])
    if not bands:
        return Heard((), ())
    rows = Echo.objects.filter(band__in=bands, at__gt=at - WITHIN, at__lte=at).exclude(what__in=but)
    found = dict(rows.order_by("-pk").values_list("what", "member_id")[:_LOOKED_AT])
    same = _alike(runs, list(found))
    for what in same:
        if found[what] == by.pk:
            raise SaidAlready(
                _("You wrote nearly the same a short time ago; it stands there already."),
                todo=_("Change what you want to add, or wait an hour."),
                what=what,
                field="body",
            )
    return Heard(bands, tuple(same))


def repeated_note(
    by: Member, heard: Heard, thing: Contribution | Comment | Interpellation, space: int
) -> None:
    """Keep the echo of what was written, and hint moderators at what others wrote alike. Last in its transaction."""
    if not heard.bands:
        return
    what = word_of(thing)
    Echo.objects.bulk_create(Echo(band=band, member=by, what=what, at=thing.at) for band in heard.bands)
    if not heard.others:
        return
    first = min(heard.others, key=lambda told: (int(told.partition("/")[2]), told))
    sign = sha256(f"repeated:{first}".encode()).hexdigest()
    hint, _fresh = Hint.objects.select_for_update().get_or_create(
        sign=sign, defaults={"space_id": space, "kind": "repeated", "at": thing.at, "data": {"things": []}}
    )
    things = list(dict.fromkeys([*hint.data["things"], *heard.others, what]))
    hint.data = {**hint.data, "things": things[:100], "number": len(things)}
    hint.save(update_fields=["data"])


def word_of(thing: Contribution | Comment | Interpellation) -> str:
    """How an echo and a hint name a thing."""
    return f"{type(thing).__name__.lower()}/{thing.pk}"


def echoes_sweep(at: datetime) -> int:
    """Forget echoes that nothing is compared with any more; how many there were."""
    gone, _rows = Echo.objects.filter(at__lt=at - KEPT).delete()
    return gone


def _alike(runs: frozenset[int], whats: list[str]) -> list[str]:
    return [what for what, text in _texts(whats).items() if alike(runs, runs_of(text))]


def _texts(whats: list[str]) -> dict[str, str]:
    """What stands there now: nothing for what was erased."""
    texts: dict[str, str] = {}
    for model in (Contribution, Comment, Interpellation):
        kind = model.__name__.lower()
        numbers = [int(what.partition("/")[2]) for what in whats if what.startswith(f"{kind}/")]
        if not numbers:
            continue
        fields = ("pk", "body") if model is Comment else ("pk", "body", "title")
        for pk, *words in model.objects.filter(pk__in=numbers, erased=False).values_list(*fields):
            texts[f"{kind}/{pk}"] = "\n\n".join(reversed(words))
    return texts
