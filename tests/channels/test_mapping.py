"""Mapping files: what they can say, and how they complain."""

from datetime import UTC, datetime

import pytest
from channels.reading import read_rows

from estime.channels import errors
from estime.channels.mapping import mapping_load, mapping_parse, shipped
from estime.channels.options import ReadOptions


@pytest.mark.parametrize("name", shipped())
def test_shipped_mappings_are_valid(name):
    assert mapping_load(name)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fields: [", "line"),
        ("", "empty"),
        ("- a", "not a mapping"),
        ("a: 1\n", "line 1, a"),
        ("fields:\n  actor: who\n  published: when\n  typ: x\n", "“typ” is no field"),
        ("fields:\n  published: when\n", "at least actor and published"),
        (
            "fields:\n  actor: who\n  published: {column: a, constant: b}\n",
            "line 3, fields.published: say exactly one",
        ),
        (
            "timezone: Mars/Olympus\nfields: {actor: a, published: b}\n",
            "line 1, timezone: There is no time zone",
        ),
        ("timezone: UTC\n", "at least one of"),
        ("format: excel\nfields: {actor: a, published: b}\n", "line 1, format"),
        ("fields: {actor: a, published: b, type: {column: k, map: 3}}\n", "fields.type.map"),
    ],
)
def test_complaints_name_line_and_field(text, says):
    with pytest.raises(errors.MappingInvalid) as caught:
        mapping_parse(text)
    assert says in str(caught.value)
    assert caught.value.todo


def test_a_mapping_that_is_not_there(tmp_path):
    with pytest.raises(errors.MappingInvalid, match=r"nothing\.yaml"):
        mapping_load(tmp_path / "nothing.yaml")


def test_a_column_that_is_not_in_the_file(write):
    mapping = mapping_parse("fields: {actor: who, published: when}")
    with pytest.raises(errors.MappingInvalid, match=r"“who”.*a, b"):
        read_rows(write("a.csv", ["a,b", "1,2"]), "csv", ReadOptions(mapping=mapping))


def test_everything_a_field_can_say(write):
    mapping = mapping_parse("""
        timezone: Europe/Paris
        date_format: "%d/%m/%Y %H:%M"
        decimal: ","
        id_from: [n]
        fields:
          actor: {column: who, prefix: "u/"}
          published: [day, hour]
          type: {column: kind, map: {1: Create, no: Like}, default: View}
          object_id: {template: "{shop}/{n}"}
          object_type: {constant: Product}
          value: price
        extra: [shop]
        """)
    cells = [f"{n};ana;01/07/2024;12:00;{kind};s;1 234,5" for n, kind in enumerate(["1", "false", "9", ""])]
    path = write("a.csv", ["n;who;day;hour;kind;shop;price", *cells])
    rows = read_rows(path, options=ReadOptions(mapping=mapping))
    assert [a.type for a in rows.acts] == ["Create", "Like", "View", "View"]
    act = rows.acts[1]
    assert (act.actor, act.object_id, act.object_type, act.value) == ("u/ana", "s/1", "Product", 1234.5)
    assert act.published == datetime(2024, 7, 1, 10, tzinfo=UTC)
    assert act.extra == {"shop": "s"}
    assert act.source_id.startswith("row:")


def test_options_win_over_the_mapping(write):
    mapping = mapping_parse("timezone: Europe/Paris\nfields: {actor: a, published: b}")
    path = write("a.csv", ["a,b", "ana,2024-01-01 10:00"])
    (act,) = read_rows(path, options=ReadOptions(mapping=mapping, timezone="-05:00")).acts
    assert act.published == datetime(2024, 1, 1, 15, tzinfo=UTC)


def test_json_lines_by_path(write):
    line = '{"event_id": 17, "user": {"id": "c42"}, "kind": "review", "ts": 1714550400,'
    line += ' "stars": 4, "product": {"sku": "A1"}, "shop": 3}'
    rows = read_rows(
        write("a.jsonl", [line, '{"event_id": 18}', "[]", "{"]),
        options=ReadOptions(mapping=mapping_load("actions-jsonl")),
    )
    (act,) = rows.acts
    assert (act.source_id, act.actor, act.type, act.object_id, act.value) == (
        "event/17",
        "c42",
        "Create",
        "A1",
        4,
    )
    assert act.extra == {"shop": 3}
    assert rows.codes == [(2, "missing-field"), (3, "bad-json"), (4, "bad-json")]


def test_json_lines_by_obvious_names(write):
    rows = read_rows(
        write("a.jsonl", ['{"author": "ana", "date": "2024-01-01T00:00:00Z", "text": "x", "n": [1]}'])
    )
    assert rows.acts[0].content == "x"
    assert rows.acts[0].extra == {"n": [1]}


def test_forum_csv_example_reads_what_it_says(write):
    path = write("a.csv", ["auteur;date;heure;texte;réponse à;fil;n°", "ana;31/12/2023;23:30;ça;12;f;13"])
    (act,) = read_rows(path, options=ReadOptions(mapping=mapping_load("forum-csv"))).acts
    assert (act.source_id, act.in_reply_to, act.content) == ("13", "12", "ça")
    assert act.published == datetime(2023, 12, 31, 22, 30, tzinfo=UTC)


def test_followers_example(write):
    path = write("a.csv", ["jour;abonnés", "01/03/2024;12 480", "02/03/2024;x"])
    rows = read_rows(path, options=ReadOptions(mapping=mapping_load("followers-over-time")))
    (seen,) = rows.observations
    assert (seen.object_id, seen.metric, seen.value) == ("", "followers", 12480)
    assert rows.codes == [(3, "bad-number")]
