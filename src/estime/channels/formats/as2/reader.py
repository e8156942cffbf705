"""JSON Lines of Activity Streams 2.0, and Estime's own export.

`translate` gives the whole meaning. `_simple` is a shortcut for the usual flat line, worth it because files
have millions of them; a test holds the two to the same answer.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from estime.channels.identity import DerivedIds
from estime.channels.moments import moment_reader
from estime.channels.options import ReadOptions
from estime.channels.peek import Peek
from estime.channels.rows import Row, Untranslatable, reject
from estime.channels.source import Source
from estime.ledger.drafts import ActDraft, Origin, Reject

_TOP = frozenset(
    ("@context", "id", "type", "actor", "object", "published", "context", "inReplyTo", "content")
)
_OBJECT = frozenset(("id", "type", "content", "inReplyTo", "context"))
_KNOWN = _TOP | {
    "contentMap", "value", "unit", "estime:value", "estime:unit", "estime:incentive", "estime:onBehalfOf",
    "estime:lang", "estime:channel", "estime:id", "estime:recorded", "estime:account",
    "estime:extra",
}  # fmt: skip
_KNOWN_OBJECT = _OBJECT | {"contentMap", "published", "attributedTo"}
_new = tuple.__new__
_from_iso = datetime.fromisoformat

Doc = dict[str, Any]


def sniff(peek: Peek) -> int:
    """Sure when the first line is an activity: it has a type, and an actor or an id of our own export."""
    first = peek.first_object
    if first is None:
        return 0
    if "type" in first and ("actor" in first or "estime:id" in first) and "published" in first:
        return 3
    return 2 if "type" in first and "actor" in first and "object" in first else 0


def read(source: Source, options: ReadOptions) -> Iterator[Row]:
    """Every line as an act."""
    source = source.single()
    lines = source.byte_lines()
    encoding = source.encoding
    ids = DerivedIds()
    times = moment_reader(options.time_format, options.zone)
    loads = orjson.loads
    for item in lines:
        if item.__class__ is Reject:
            yield item
            continue
        number, line = item  # type: ignore[misc]  # no Reject: just asked, by what is quick
        try:
            doc = loads(line if encoding is None else line.decode(encoding))
        except ValueError:
            if line.strip():
                yield source.problem(number, line) or _not_json(number, line)
            continue
        try:
            draft = _simple(doc) or translate(doc, ids, times)
        except Untranslatable as error:
            yield reject(number, error.code, error.reason, line)
            continue
        yield number, draft


def read_documents(documents: Iterable[object]) -> Iterator[Row]:
    """Activities that somebody sends rather than brings as a file: the same translation, by place from 0.

    A document is parsed JSON, or bytes to be parsed. Where an act stood before is for an export to say: a sender
    who could would choose its account and its channel.
    """
    ids = DerivedIds()
    times = moment_reader(None, None)
    for place, doc in enumerate(documents):
        if isinstance(doc, bytes):
            try:
                doc = orjson.loads(doc)
            except ValueError:
                yield _not_json(place, doc)
                continue
        try:
            draft = _simple(doc) or translate(doc, ids, times)  # type: ignore[arg-type]  # both look what it is
            if draft.origin is not None:
                raise Untranslatable(
                    "origin-not-taken",
                    "The act carries “estime:id”, as our own export does: bring an export in with `estime import`.",
                )
        except Untranslatable as error:
            yield reject(place, error.code, error.reason, _packed(doc))
            continue
        yield place, draft


def _packed(doc: object) -> bytes:
    return orjson.dumps(doc, default=str)


def _not_json(number: int, line: bytes) -> Reject:
    try:
        orjson.loads(line)
    except ValueError as error:
        return reject(
            number, "bad-json", f"The line is not one JSON object: {str(error).split(':')[0]}.", line
        )
    return reject(number, "bad-json", "The line is not one JSON object.", line)


def _simple(doc: Doc) -> ActDraft | None:
    """The act of a flat line whose fields all have their usual type, or None for `translate` to say."""
    if doc.__class__ is not dict:
        return None
    origin = None
    if not _TOP.issuperset(doc) and (origin := _simple_origin(doc)) is None:
        return None
    get = doc.get
    source_id = get("id")
    actor = get("actor")
    kind = get("type")
    published = get("published")
    if not (source_id.__class__ is actor.__class__ is kind.__class__ is published.__class__ is str):
        return None
    made = get("object")
    parent = get("inReplyTo")
    context = get("context")
    content = get("content")
    made_type = None
    if made.__class__ is dict:
        if not _OBJECT.issuperset(made):
            return None
        inner = made.get
        made, made_type = inner("id"), inner("type")
        parent = inner("inReplyTo") if parent is None else parent
        context = inner("context") if context is None else context
        content = inner("content") if content is None else content
        if made is None or made_type.__class__ is not str:
            return None
    if (
        (made is not None and made.__class__ is not str)
        or (parent is not None and parent.__class__ is not str)
        or (context is not None and context.__class__ is not str)
        or (content is not None and content.__class__ is not str)
        or not (source_id and actor and kind)
    ):
        return None
    moment = _moment(published)
    if moment is None or (made is None and kind == "Create") or made == "" or parent == "":
        return None
    fields = (source_id, actor, kind, moment, made, made_type, parent, context or None, content)
    return _new(ActDraft, fields + _REST if origin is None else (*fields, *_REST[:-1], origin))


def _moment(text: str) -> datetime | None:
    """The moment of an ISO time with its zone, or None."""
    try:
        moment = _from_iso(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


_REST: tuple[Any, ...] = (None, None, None, None, None, None, None)
_ORIGIN = frozenset(("estime:channel", "estime:id", "estime:recorded", "estime:account"))
_EXPORTED = _TOP | _ORIGIN


def _simple_origin(doc: Doc) -> Origin | None:
    """Where a line of our own export came from, if all it has beyond the usual is that, in the usual form."""
    if not _EXPORTED.issuperset(doc) or not doc.keys() >= _ORIGIN:
        return None
    recorded, channel, account = doc["estime:recorded"], doc["estime:channel"], doc["estime:account"]
    try:
        moment = _from_iso(recorded)
        origin = Origin(channel, UUID(doc["estime:id"]), moment, int(account))
    except (TypeError, ValueError, AttributeError):
        return None
    usual = channel.__class__ is str and account.__class__ is str and moment.tzinfo is not None
    return origin if usual else None


def translate(doc: object, ids: DerivedIds, times: Any) -> ActDraft:
    """The act that one activity tells, in any of the shapes AS2 allows."""
    if not isinstance(doc, dict):
        raise Untranslatable("bad-json", "The line is JSON, but not an object in braces.")
    extra: Doc = {}
    if not _KNOWN.issuperset(doc):
        extra = {key: value for key, value in doc.items() if key not in _KNOWN}
    if isinstance(doc.get("estime:extra"), dict):
        extra |= doc["estime:extra"]
    made = doc.get("object")
    inner: Doc = {}
    if isinstance(made, dict):
        inner = made
        left = {key: value for key, value in made.items() if key not in _KNOWN_OBJECT}
        if left:
            extra["object"] = left
    elif isinstance(made, list):
        extra["object"] = made
    kind = _kind(doc, extra)
    source_id = _reference(doc.get("id"), "id") or ids.id_of(doc)
    object_id = _reference(made, "object", bare=bool(inner))
    if object_id is None and kind == "Create" and "estime:id" not in doc:
        object_id = source_id
    content, lang = _text(doc, inner, extra)
    return ActDraft(
        source_id, _actor(doc, inner), kind, _published(doc, inner, times), object_id,
        _first_text(inner.get("type")),
        _reference(doc.get("inReplyTo") or inner.get("inReplyTo"), "inReplyTo"),
        _reference(doc.get("context") or inner.get("context"), "context"),
        content, lang,
        _number(doc.get("estime:value", doc.get("value"))),
        _plain(doc.get("estime:unit", doc.get("unit")), "unit"),
        _plain(doc.get("estime:incentive"), "estime:incentive"),
        _reference(doc.get("estime:onBehalfOf"), "estime:onBehalfOf"),
        extra or None, _origin(doc, times),
    )  # fmt: skip


def _kind(doc: Doc, extra: Doc) -> str:
    kind = doc.get("type")
    if isinstance(kind, list):
        extra["type"] = kind
    first = _first_text(kind)
    if not first:
        raise Untranslatable("missing-field", "The activity has no “type”: it has to say what was done.")
    return first


def _actor(doc: Doc, inner: Doc) -> str | None:
    actor = _reference(doc.get("actor"), "actor") or _reference(inner.get("attributedTo"), "attributedTo")
    if actor is None and "estime:id" not in doc:
        raise Untranslatable("missing-field", "The activity has no “actor”: it has to say who did it.")
    return actor


def _published(doc: Doc, inner: Doc, times: Any) -> datetime:
    published = doc.get("published") or inner.get("published")
    if published is None:
        raise Untranslatable(
            "missing-field", "The activity has no “published”: it has to say when it was done."
        )
    moment: datetime = times(published)
    return moment


def _first_text(value: object) -> str | None:
    if isinstance(value, list):
        return next((v for v in value if isinstance(v, str) and v), None)
    return value if isinstance(value, str) and value else None


def _reference(value: object, field: str, *, bare: bool = False) -> str | None:
    """The id of a string, an object or the first of a list. `bare`: an object may be without one."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        found = value.get("id") or value.get("url") or value.get("href") or value.get("name")
        if found is None and (bare or not value):
            return None
        value = found
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise Untranslatable("bad-field", f"“{field}” is neither a text nor an object with an id.")


def _text(doc: Doc, inner: Doc, extra: Doc) -> tuple[str | None, str | None]:
    """Content and its language: AS2 keeps the language in `contentMap`."""
    content = doc.get("content") if doc.get("content") is not None else inner.get("content")
    lang = _plain(doc.get("estime:lang"), "estime:lang")
    versions = doc.get("contentMap") or inner.get("contentMap")
    if isinstance(versions, dict) and versions:
        first = next((k for k, v in versions.items() if v == content), next(iter(versions)))
        if content is None or versions[first] == content:
            content, lang = versions[first], first
        if len(versions) > 1:
            extra["contentMap"] = versions
    elif versions:
        raise Untranslatable("bad-field", "“contentMap” is not an object of languages.")
    return _plain(content, "content", empty=True), lang


def _plain(value: object, field: str, *, empty: bool = False) -> str | None:
    if value is None or (value == "" and not empty):
        return None
    if isinstance(value, str):
        return value
    raise Untranslatable("bad-field", f"“{field}” is not a text.")


def _number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise Untranslatable("bad-number", "“value” is not a number.")


def _origin(doc: Doc, times: Any) -> Origin | None:
    """Where the act stood before, on lines of our own export."""
    if "estime:id" not in doc:
        return None
    try:
        account = int(doc["estime:account"])
        return Origin(
            str(doc["estime:channel"]), UUID(doc["estime:id"]), times(doc["estime:recorded"]), account
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Untranslatable(
            "bad-origin",
            "The line carries “estime:id”, as our own export does, but not all of estime:channel, "
            "estime:recorded and estime:account in the right form; leave all four out, or export again.",
        ) from None
