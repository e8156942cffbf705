"""What makes a draft an act: the rules, apart from the writing. Each answer is a code and a sentence."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from math import isfinite

from estime.ledger.drafts import ActDraft, ObservationDraft, Origin
from estime.ledger.vocabulary import ACTIVITY_TYPES, MAX_CONTENT, MAX_IDENTIFIER

Problem = tuple[str, str]


def check_draft(draft: ActDraft, latest: datetime) -> Problem | None:
    """What is wrong with a draft, or None. `latest` is the last moment that is not yet the future."""
    if draft.type not in ACTIVITY_TYPES:
        return "unknown-type", (
            f"“{str(draft.type)[:40]}” is not an Activity Streams 2.0 activity type;"
            " map it to one, such as Create, Like or Join."
        )
    if not draft.source_id:
        return "no-id", "The row has no id, so it could not be told apart when the file comes again."
    if not draft.actor and draft.origin is None:
        return "no-actor", "The row does not say who acted."
    origin = None if draft.origin is None else _check_origin(draft.origin)
    return origin or _check_time(draft.published, latest) or _check_value(draft.value) or _check_texts(draft)


_TEXTS = ("object_type", "lang", "unit", "incentive", "on_behalf_of")
_NAMES = ("source_id", "actor", "object_id", "in_reply_to", "context")


def all_in_order(rows: Sequence[tuple[int, ActDraft]], latest: datetime) -> bool:
    """Whether `check_draft` would find nothing in any row: the same rules, column by column and much faster.

    False may mean only that a row needs the closer look; the two are held together by a property test.
    """
    if not rows:
        return True
    _, drafts = zip(*rows, strict=True)
    columns = dict(zip(ActDraft._fields, zip(*drafts, strict=True), strict=True))
    published = columns["published"]
    try:
        if not (min(published).year >= 1970 and max(published) <= latest):
            return False
        if not (
            set(columns["type"]) <= ACTIVITY_TYPES and all(columns["source_id"]) and all(columns["actor"])
        ):
            return False
        short = all(_in_order(columns[name], MAX_IDENTIFIER) for name in (*_NAMES, *_TEXTS))
        origins = [origin for origin in columns["origin"] if origin is not None]
        if any(_check_origin(origin) for origin in origins):
            return False
        return short and _in_order(columns["content"], MAX_CONTENT) and all(map(_finite, columns["value"]))
    except (
        TypeError,
        AttributeError,
    ):  # a time without zone among others, a number where a text should stand
        return False


def _in_order(column: Sequence[str | None], limit: int) -> bool:
    texts = list(filter(None, column))
    return not texts or (max(map(len, texts)) <= limit and "\0" not in "".join(texts))


def _finite(value: float | None) -> bool:
    return value is None or isfinite(value)


def check_observation(draft: ObservationDraft, latest: datetime) -> Problem | None:
    """What is wrong with an observation, or None."""
    if not draft.metric or len(draft.metric) > 64:
        return "no-metric", "The row does not name what was counted."
    if not isfinite(draft.value) or draft.value < 0:
        return "bad-number", f"A total is a number from 0 up, not {draft.value!r}."
    if len(draft.object_id) > MAX_IDENTIFIER:
        return "too-long", f"An identifier has more than {MAX_IDENTIFIER} characters."
    if "\0" in draft.object_id or "\0" in draft.metric:
        return "nul-byte", "The row holds a NUL character, which no database keeps."
    problem = _check_time(draft.observed, latest)
    return problem or (_check_time(draft.published, latest) if draft.published is not None else None)


def _check_origin(origin: Origin) -> Problem | None:
    if not 0 < origin.account_key < 1 << 63 or origin.recorded.tzinfo is None:
        return "bad-origin", "The account key or the time of recording of this export cannot be right."
    return None


def _check_time(moment: datetime, latest: datetime) -> Problem | None:
    if not isinstance(moment, datetime):
        return "no-time", "The row does not say when it happened."
    if moment.tzinfo is None:
        return (
            "time-without-zone",
            "The time has no zone: name one with --timezone, such as Europe/Paris or UTC.",
        )
    if moment > latest:
        return (
            "time-in-future",
            f"The time {moment.isoformat()} lies in the future: check the clock or the time zone.",
        )
    if moment.year < 1970:
        return (
            "time-too-early",
            f"The time {moment.isoformat()} lies before 1970: check the format of the time.",
        )
    return None


def _check_value(value: float | None) -> Problem | None:
    if value is not None and not isfinite(value):
        return "bad-number", f"The value is not a finite number: {value!r}."
    return None


def _identifiers(draft: ActDraft) -> Iterator[str | None]:
    yield from (draft.source_id, draft.actor, draft.object_id, draft.in_reply_to, draft.context)


def _check_texts(draft: ActDraft) -> Problem | None:
    content = draft.content
    if content is not None and ("\0" in content or len(content) > MAX_CONTENT):
        return _text_problem(content, MAX_CONTENT)
    for text in _identifiers(draft):
        if text is not None and ("\0" in text or len(text) > MAX_IDENTIFIER):
            return _text_problem(text, MAX_IDENTIFIER)
    for text in (draft.object_type, draft.lang, draft.unit, draft.incentive, draft.on_behalf_of):
        if text is not None and ("\0" in text or len(text) > MAX_IDENTIFIER):
            return _text_problem(text, MAX_IDENTIFIER)
    return None


def _text_problem(text: str, limit: int) -> Problem:
    if "\0" in text:
        return "nul-byte", "The row holds a NUL character, which no database keeps."
    return "too-long", f"A field has {len(text):,} characters; at most {limit:,} are kept."


def check_encodable(draft: ActDraft) -> Problem | None:
    """Lone surrogates (half an emoji) cannot be written as UTF-8; they are rare, so this runs only after a failure."""
    texts = [field for field in draft if isinstance(field, str)]
    try:
        "".join(texts).encode("utf-8")
    except UnicodeEncodeError:
        return "bad-encoding", "The text holds half of a surrogate pair, which is no character."
    return None
