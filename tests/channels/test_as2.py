"""Activity Streams 2.0 lines in their many shapes."""

from datetime import UTC, datetime
from uuid import uuid4

import orjson
import pytest
from channels.reading import read_rows
from hypothesis import given
from hypothesis import strategies as st

from estime.channels.formats.as2 import reader, writer
from estime.channels.identity import DerivedIds
from estime.channels.moments import moment_reader
from estime.channels.options import ReadOptions
from estime.ledger.drafts import ActDraft, Origin

BASE = {
    "id": "a1",
    "type": "Like",
    "actor": "ana",
    "published": "2024-05-01T10:00:00.123456Z",
    "object": "o1",
}
WHEN = datetime(2024, 5, 1, 10, 0, 0, 123456, UTC)


@pytest.fixture
def acts(write):
    def _acts(*docs, **options):
        path = write("a.jsonl", b"\n".join(orjson.dumps(doc) for doc in docs))
        return read_rows(path, "as2", ReadOptions(**options))

    return _acts


def test_the_flat_line(acts):
    assert acts(BASE).acts == [ActDraft("a1", "ana", "Like", WHEN, "o1")]


def test_an_object_inside(acts):
    made = {"id": "o1", "type": "Note", "content": "oui", "inReplyTo": "o0", "context": "room"}
    doc = BASE | {"type": "Create", "object": made}
    assert acts(doc).acts == [ActDraft("a1", "ana", "Create", WHEN, "o1", "Note", "o0", "room", "oui")]


def test_objects_in_place_of_ids(acts):
    doc = BASE | {
        "actor": {"type": "Person", "id": "ana", "name": "Ana"},
        "object": {"type": "Note", "id": "o1", "contentMap": {"fr": "oui"}, "inReplyTo": [{"id": "o0"}],
                   "sensitive": False},
        "context": {"id": "room"},
        "target": {"id": "t"},
    }  # fmt: skip
    (act,) = acts(doc).acts
    assert act == ActDraft(
        "a1", "ana", "Like", WHEN, "o1", "Note", "o0", "room", "oui", "fr",
        extra={"target": {"id": "t"}, "object": {"sensitive": False}},
    )  # fmt: skip


def test_a_create_without_object_makes_itself(acts):
    doc = {k: v for k, v in BASE.items() if k != "object"} | {"type": "Create", "content": "x"}
    assert acts(doc).acts[0].object_id == "a1"


def test_no_id_is_derived_and_counted(acts):
    doc = {k: v for k, v in BASE.items() if k != "id"}
    first, second = acts(doc, doc).acts
    assert second.source_id == f"{first.source_id}#2"
    assert [a.source_id for a in acts(doc, doc).acts] == [first.source_id, second.source_id]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"published": "2024-05-01T10:00:00"}, "time-without-zone"),
        ({"published": "hier"}, "bad-time"),
        ({"published": None}, "missing-field"),
        ({"published": {"a": 1}}, "bad-time"),
        ({"actor": None}, "missing-field"),
        ({"actor": {"type": "Person"}}, "missing-field"),
        ({"type": None}, "missing-field"),
        ({"type": 3}, "missing-field"),
        ({"object": True}, "bad-field"),
        ({"content": ["a"]}, "bad-field"),
        ({"value": "many"}, "bad-number"),
        ({"estime:id": "x"}, "bad-origin"),
        ({"contentMap": "fr"}, "bad-field"),
    ],
)
def test_broken_lines_are_rejects_and_the_rest_is_read(acts, change, code):
    rows = acts(BASE, BASE | change, BASE | {"id": "a3"})
    assert rows.codes == [(2, code)]
    assert len(rows.acts) == 2


def test_naive_time_in_the_zone_the_user_names(acts):
    (act,) = acts(BASE | {"published": "2024-07-01T12:00:00"}, timezone="Europe/Paris").acts
    assert act.published == datetime(2024, 7, 1, 10, tzinfo=UTC)


def test_broken_json(write):
    good = orjson.dumps(BASE)
    bad = [b"{", b"[1]", b'"x"', b"", b"  ", b'{"a":"\0"}', b'{"a":"\xe9"}', b"[" * 5000]
    content = b"\n".join([good, *bad, good])
    rows = read_rows(write("a.jsonl", content), "as2")
    assert [code for _, code in rows.codes] == [*["bad-json"] * 3, "nul-byte", "bad-encoding", "bad-json"]
    assert [line for line, _ in rows.codes] == [2, 3, 4, 7, 8, 9]
    assert len(rows.acts) == 2


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_other_encodings(write, encoding):
    text = orjson.dumps(BASE | {"content": "déjà"}).decode()
    path = write("a.jsonl", text.encode(encoding))
    options = ReadOptions(encoding=None if encoding == "utf-16" else encoding)
    assert read_rows(path, "as2", options).acts[0].content == "déjà"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
ids = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
FIRST, LAST = datetime(1971, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001  (Hypothesis adds the zone)
moments = st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC))
origins = st.builds(Origin, st.just("forum"), st.builds(uuid4), moments, st.integers(1, 2**62))
drafts = st.builds(
    ActDraft, ids, ids, st.sampled_from(["Create", "Like", "Undo"]), moments, ids, st.none() | ids,
    st.none() | ids, st.none() | ids, st.none() | texts, st.none() | st.just("fr"),
    st.none() | st.floats(allow_nan=False, allow_infinity=False), st.none() | ids, st.none() | ids,
    st.none() | ids, st.none() | st.dictionaries(ids, texts, min_size=1, max_size=2), st.none() | origins,
)  # fmt: skip


def one(line: bytes) -> ActDraft:
    doc = orjson.loads(line)
    return reader.translate(doc, DerivedIds(), moment_reader(None, None))


@given(drafts)
def test_what_is_written_is_read_back_the_same(draft):
    assert one(writer.line(draft)) == draft


def test_an_erased_act_of_our_own_export_comes_back_without_actor():
    draft = ActDraft("erased:1", None, "Create", WHEN, origin=Origin("forum", uuid4(), WHEN, 17))
    assert one(writer.line(draft)) == draft


scalars = st.none() | texts | st.integers(0, 9)
objects = scalars | st.dictionaries(
    st.sampled_from(["id", "type", "content", "inReplyTo", "context", "odd"]), scalars
)
EXPORTED = {
    "estime:id": "0190163d-8694-739b-aea5-966c26f8ad91",
    "estime:channel": "f",
    "estime:recorded": "2024-05-01T10:00:00Z",
    "estime:account": "17",
}
origin_docs = (
    st.just({})
    | st.just(EXPORTED)
    | st.sampled_from(list(EXPORTED)).flatmap(lambda key: scalars.map(lambda value: EXPORTED | {key: value}))
)
docs = st.dictionaries(
    st.sampled_from(["id", "type", "actor", "context", "inReplyTo", "content", "odd", "value", "@context"]),
    scalars,
).flatmap(lambda d: st.tuples(objects, origin_docs).map(lambda o: BASE | d | {"object": o[0]} | o[1]))


@given(docs)
def test_the_shortcut_means_what_the_whole_translation_means(doc):
    """The fast path may only answer where the general one gives the same act."""
    quick = reader._simple(doc)
    if quick is not None:
        assert quick == reader.translate(doc, DerivedIds(), moment_reader(None, None))
