"""A digest in words: what changed, grouped by what it is about, each with where it stands now. Text and HTML.

Some hundreds are made at once, from a fixed number of queries. What was hidden or erased since is left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from django.core.signing import BadSignature, Signer
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.cocreation.models import Challenge, Contribution, Digest, Event, Interpellation, Notice
from estime.cocreation.moments_due import zone_of
from estime.cocreation.ports import Letter
from estime.cocreation.queries.becoming import answers_of, became_of, became_words, question_words
from estime.cocreation.wording_news import news_words
from estime.kernel.configuration import configuration

MOST: Final = 40
"""Places in one letter; the page of one's own contributions has all."""
SENTENCES: Final = 4
OF_HIDDEN: Final = ("hidden", "appeal_settled", "report_settled")
"""What is told of a place that is hidden: to whoever wrote or reported it, without its title."""
_LOCAL: Final = "http://127.0.0.1:8000"
_SALT: Final = "estime.cocreation.digests"
Place = tuple[str, int]
_STYLE: Final = (
    "body{font:16px/1.5 Georgia,serif;max-width:36em;margin:2em auto;padding:0 1em}"
    "h2{font-size:1em;margin:1.6em 0 .2em}"
    "p{margin:.2em 0}.state{font-style:italic}footer{margin-top:2.5em;font-size:.85em}"
)


class Item(NamedTuple):
    """One thing of a letter. `state`: where it stands now; `news`: what happened, oldest first."""

    title: str
    url: str
    state: str
    news: list[str]


class _Known(NamedTuple):
    """Everything that the letters of a batch talk of, read once."""

    contributions: dict[int, Contribution]
    questions: dict[int, Interpellation]
    challenges: dict[int, Challenge]
    became: dict[int, object]
    answers: dict[int, object]


def letters_of(digests: Sequence[int], now: datetime) -> list[Letter]:
    """The letters of these digests. None for whoever has no login any more, or where nothing is left to tell."""
    found = Digest.objects.filter(pk__in=digests, member__user__is_active=True).select_related("member__user")
    notices = Notice.objects.filter(digest__in=digests).select_related("event", "event__by").order_by("event")
    events: dict[int, list[Event]] = defaultdict(list)
    for notice in notices:
        events[notice.digest_id or 0].append(notice.event)
    known = _known([event for told in events.values() for event in told])
    letters = []
    for digest in sorted(found, key=lambda each: each.member.user.language if each.member.user else ""):
        letter = _letter(digest, events[digest.pk], known, now)
        if letter is not None:
            letters.append(letter)
    return letters


def _letter(digest: Digest, events: list[Event], known: _Known, now: datetime) -> Letter | None:
    user = digest.member.user
    if user is None:
        return None
    language = user.language or configuration().site.languages[0]
    with translation.override(language), timezone.override(zone_of(user.timezone)):
        items = list(_items(events, known, now, language))
        if not items:
            return None
        stop = site_url(f"/{language}/digests/stop/{stop_token(digest.member_id)}/")
        subject = _subject(items)
        return Letter(
            digest.pk, user.pk, language, subject,
            _text(items, subject, stop, language), _html(items, subject, stop, language), stop,
        )  # fmt: skip


def _items(events: list[Event], known: _Known, now: datetime, language: str) -> Iterable[Item]:
    """By place, the one with the newest event first."""
    grouped: dict[Place, list[Event]] = {}
    for event in events:
        place = place_of(event)
        grouped[place] = [*grouped.pop(place, []), event]
    for place, told in reversed(grouped.items()):
        shown = _shown(place, known, now)
        if shown is None:
            told = [event for event in told if event.kind in OF_HIDDEN]
            shown = (_("Something that is hidden"), "") if told else None
        if shown is not None:
            news = [news_words(event) for event in told]
            yield Item(shown[0], site_url(place_path(place, language)), shown[1], news)


class Where(Protocol):
    """What says where it happened: an event, or the part of one that a query read."""

    @property
    def contribution_id(self) -> int | None: ...
    @property
    def interpellation_id(self) -> int | None: ...
    @property
    def challenge_id(self) -> int | None: ...


def place_of(event: Where) -> Place:
    """The nearest thing that an event is about."""
    if event.contribution_id is not None:
        return "ideas", event.contribution_id
    if event.interpellation_id is not None:
        return "questions", event.interpellation_id
    return "challenges", event.challenge_id or 0


def place_path(place: Place, language: str) -> str:
    """The address of a place."""
    kind, number = place
    return f"/{language}/{kind}/{number}/"


def _known(events: list[Event]) -> _Known:
    numbers: dict[str, set[int]] = defaultdict(set)
    for event in events:
        kind, number = place_of(event)
        numbers[kind].add(number)
    contributions = Contribution.objects.defer("body").in_bulk(numbers["ideas"])
    questions = Interpellation.objects.defer("body").in_bulk(numbers["questions"])
    challenges = Challenge.objects.only("title", "erased", "hidden").in_bulk(numbers["challenges"])
    return _Known(
        contributions, questions, challenges, dict(became_of(contributions)), dict(answers_of(questions))
    )


def _shown(place: Place, known: _Known, now: datetime) -> tuple[str, str] | None:
    """Title and state of a place; None for what is not to be shown any more."""
    kind, number = place
    if kind == "ideas":
        idea = known.contributions.get(number)
        if idea is None or idea.hidden or idea.erased:
            return None
        return idea.title, became_words(known.became[number], now)  # type: ignore[arg-type]
    if kind == "questions":
        question = known.questions.get(number)
        if question is None or question.hidden or question.erased:
            return None
        return question.title, question_words(question, known.answers[number], now)  # type: ignore[arg-type]
    challenge = known.challenges.get(number)
    return None if challenge is None or challenge.erased or challenge.hidden else (challenge.title, "")


def _subject(items: list[Item]) -> str:
    if len(items) == 1:
        return _("News of “%(title)s”") % {"title": items[0].title}
    told = ngettext(
        "News of %(n)s thing that you gave or follow",
        "News of %(n)s things that you gave or follow",
        len(items),
    )
    return told % {"n": len(items)}


def _news(item: Item) -> list[str]:
    """The newest sentences; the same one again is told once."""
    told = list(dict.fromkeys(reversed(item.news)))[::-1]
    return told[-SENTENCES:]


def _rest(items: list[Item]) -> str:
    left = len(items) - MOST
    if left <= 0:
        return ""
    told = ngettext("And %(n)s more on your page.", "And %(n)s more on your page.", left)
    return told % {"n": left}


def _ends(language: str) -> tuple[str, str]:
    return site_url(f"/{language}/me/contributions/"), site_url(f"/{language}/me/digests/")


def _text(items: list[Item], subject: str, stop: str, language: str) -> str:
    lines = [subject, ""]
    for item in items[:MOST]:
        lines += [
            item.title,
            *([item.state] if item.state else []),
            *(f"– {told}" for told in _news(item)),
            item.url,
            "",
        ]
    mine, rhythm = _ends(language)
    lines += [
        *filter(None, [_rest(items)]),
        _("All that you gave, and what became of it: %(url)s") % {"url": mine},
        _("How often you get this: %(url)s") % {"url": rhythm},
        _("No more of these, with one click: %(url)s") % {"url": stop},
    ]
    return "\n".join(lines) + "\n"


def _html(items: list[Item], subject: str, stop: str, language: str) -> str:
    parts = []
    for item in items[:MOST]:
        state = f'<p class="state">{escape(item.state)}</p>' if item.state else ""
        news = "\n".join(f"<p>{escape(told)}</p>" for told in _news(item))
        parts.append(f'<h2><a href="{escape(item.url)}">{escape(item.title)}</a></h2>\n{state}\n{news}\n')
    mine, rhythm = _ends(language)
    links = (
        (mine, _("All that you gave, and what became of it")),
        (rhythm, _("How often you get this")),
        (stop, _("No more of these, with one click")),
    )
    ends = "\n".join(f'<p><a href="{escape(url)}">{escape(words)}</a></p>' for url, words in links)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(subject)}</title>'
        f"<style>{_STYLE}</style></head><body>\n<h1>{escape(subject)}</h1>\n{''.join(parts)}"
        f"\n<footer><p>{escape(_rest(items))}</p>{ends}</footer></body></html>\n"
    )


def site_url(path: str) -> str:
    """An address as it stands in a mail, a feed or a picture card."""
    return (configuration().site.address or _LOCAL) + path


def stop_token(member: int) -> str:
    """What lets whoever holds it end one member's digests, and nothing else."""
    return Signer(salt=_SALT).sign(str(member))


def stop_read(token: str) -> int | None:
    """The member of a token; None for one that is not ours."""
    try:
        return int(Signer(salt=_SALT).unsign(token))
    except (BadSignature, ValueError):
        return None
