"""Polis votes, pages with totals, followers, Parquet, and guessing what a file is."""

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from channels.reading import read_rows

from estime.channels import errors, registry
from estime.channels.mapping import mapping_parse
from estime.channels.options import ReadOptions

COMMENTS = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body"
VOTES = "timestamp,datetime,comment-id,voter-id,vote"


def polis(write, votes, comments=("1000,x,0,7,1,0,1,hello",)):
    write("c/comments.csv", [COMMENTS, *comments])
    write("c/summary.csv", ["topic,A, or B?", "url,https://pol.is/abc", "views,17"])
    return write("c/votes.csv", [VOTES, *votes]).parent


def test_a_changed_vote_is_an_undo_and_a_new_vote(write):
    folder = polis(write, ["3000,x,0,1,-1", "2000,x,0,1,1", "2500,x,0,2,0"])
    acts = read_rows(folder).acts
    assert [(a.type, a.actor, a.value) for a in acts] == [
        ("Create", "abc/7", None),
        ("Create", "abc/1", 1),
        ("Create", "abc/2", 0),
        ("Undo", "abc/1", None),
        ("Create", "abc/1", -1),
    ]
    assert acts[3].object_id == acts[1].source_id
    assert acts[3].published == acts[4].published == datetime(1970, 1, 1, 0, 0, 3, tzinfo=UTC)
    assert {a.in_reply_to for a in acts[1:3]} == {acts[0].object_id}
    assert len({a.source_id for a in acts}) == 5


def test_polis_views(write):
    (seen,) = read_rows(polis(write, ["2000,x,0,1,1"])).observations
    assert (seen.object_id, seen.metric, seen.value, seen.observed.timestamp()) == ("abc", "views", 17, 2)


def test_polis_broken_rows(write):
    votes = ["x,x,0,1,1", "2000,x,0,1,7", "2000,x,0,,1", "2000,x,0,1", "2000,x,0,1,1"]
    rows = read_rows(polis(write, votes, ["?,x,0,7,1,0,1,hello"]))
    assert [code for _, code in rows.codes] == [
        "bad-time", "bad-time", "bad-number", "missing-field", "wrong-number-of-cells",
    ]  # fmt: skip
    assert len(rows.acts) == 1


def test_polis_incomplete_folder(write):
    folder = write("c/votes.csv", [VOTES]).parent
    with pytest.raises(errors.DocumentInvalid, match=r"comments\.csv"):
        read_rows(folder, "polis")


def test_a_page_speaks_for_itself_and_nobody_is_invented(write):
    path = write(
        "a.csv", ["page;date;message;likes;commentaires;abonnés", "Marque;2024-01-01T10:00Z;hop;5;;900"]
    )
    rows = read_rows(path)
    (act,) = rows.acts
    assert (act.type, act.object_type, act.actor, act.on_behalf_of, act.content) == (
        "Create", "Note", "Marque", "Marque", "hop",
    )  # fmt: skip
    assert [(o.object_id, o.metric, o.value) for o in rows.observations] == [
        (act.object_id, "likes", 5),
        ("", "followers", 900),
    ]
    assert registry.guess(path).name == "insights"


def test_a_page_without_name_takes_the_channels(write):
    path = write("a.csv", ["date,likes,shares", "2024-01-01T10:00Z,5,1"])
    (act,) = read_rows(path, options=ReadOptions(channel="insta")).acts
    assert act.actor == act.on_behalf_of == "insta"


def test_a_post_without_id_stays_itself_when_its_totals_grow(write):
    before = read_rows(
        write("a.csv", ["date,message,likes,shares", "2024-01-01T10:00Z,hop,5,1"]),
        "insights",
        ReadOptions(channel="c"),
    )
    after = read_rows(
        write("a.csv", ["date,message,likes,shares", "2024-01-01T10:00Z,hop,9,1"]),
        "insights",
        ReadOptions(channel="c"),
    )
    assert before.acts[0].source_id == after.acts[0].source_id


def test_when_totals_were_taken(write):
    path = write("a.csv", ["date,likes,shares", "2024-01-01T10:00Z,5,1"])
    rows = read_rows(path, options=ReadOptions(channel="insta", observed="2024-06-01T00:00Z"))
    assert {o.observed.month for o in rows.observations} == {6}
    assert {o.published.month for o in rows.observations} == {1}


def test_a_day_for_totals_needs_no_zone_but_has_to_be_one(write):
    path = write("a.csv", ["date,likes,shares", "2024-01-01T10:00Z,5,1"])
    rows = read_rows(path, options=ReadOptions(channel="insta", observed="2024-06-01"))
    assert rows.observations[0].observed == datetime(2024, 6, 1, tzinfo=UTC)
    with pytest.raises(errors.TimeInvalid):
        read_rows(path, options=ReadOptions(channel="insta", observed="soon"))


def test_audience(write):
    path = write("a.csv", ["date,followers,reach", "2024-01-01T00:00Z,100,7", "2024-01-02,100,7"])
    assert registry.guess(path).name == "audience"
    rows = read_rows(path)
    assert [(o.object_id, o.metric, o.value) for o in rows.observations] == [("", "followers", 100)]
    assert rows.codes == [(3, "time-without-zone")]


def test_parquet(tmp_path):
    when = datetime(2024, 1, 1, 10, tzinfo=UTC)
    table = pa.table(
        {
            "id": [1, 2, 3],
            "author": ["ana", None, "bob"],
            "date": pa.array([when] * 3, pa.timestamp("ns", "UTC")),
            "rating": [4.5, 1, None],
        }
    )
    path = tmp_path / "a.parquet"
    pq.write_table(table, path)
    rows = read_rows(path)
    assert [(a.source_id, a.actor, a.published, a.value) for a in rows.acts] == [
        ("1", "ana", when, 4.5),
        ("3", "bob", when, None),
    ]
    assert rows.codes == [(2, "missing-field")]
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(errors.DocumentInvalid):
        read_rows(path)


def test_parquet_with_naive_times_nested_fields_and_a_mapping(tmp_path):
    path = tmp_path / "a.parquet"
    naive = pa.array([datetime(2024, 7, 1, 12, tzinfo=UTC)]).cast(pa.timestamp("us"))
    pq.write_table(pa.table({"u": [{"id": "ana"}], "t": naive}), path)
    mapping = mapping_parse("timezone: Europe/Paris\nfields: {actor: u.id, published: t}")
    (act,) = read_rows(path, options=ReadOptions(mapping=mapping)).acts
    assert (act.actor, act.published) == ("ana", datetime(2024, 7, 1, 10, tzinfo=UTC))


@pytest.mark.parametrize("content", ["just some prose\n", '{"a": 1}', "[]", "\x7fELF\x01\x02"])
def test_what_cannot_be_told_lists_the_formats(write, content):
    with pytest.raises(errors.FormatUnclear) as caught:
        registry.guess(write("a.xyz", content))
    assert all(name in caught.value.todo for name in registry.FORMATS)


def test_unknown_format():
    with pytest.raises(errors.FormatUnknown, match="excel"):
        registry.named("excel")


def test_unknown_zone(write):
    with pytest.raises(errors.TimezoneUnknown):
        read_rows(
            write("a.csv", ["author,date", "a,2024-01-01"]), options=ReadOptions(timezone="Mars/Olympus")
        )


def test_every_format_can_be_asked_about_anything(write, tmp_path):
    """No sniff fails on odd beginnings: a folder, binary, half a JSON, nothing but line feeds."""
    for name, content in (
        ("a", b"\n\n"),
        ("b", b"\xff\xfe"),
        ("c", b'{"a":'),
        ("d", b"\0" * 100),
        ("e", b"PK\x03\x04zz"),
    ):
        path = write(f"in/{name}", content)
        with pytest.raises((errors.FormatUnclear, errors.TruncatedSource, errors.SourceEmpty)):
            registry.guess(path)
    with pytest.raises(errors.FormatUnclear):
        registry.guess(tmp_path / "in")
