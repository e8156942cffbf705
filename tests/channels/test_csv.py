"""CSV: obvious names, broken rows, ids that are derived."""

from datetime import UTC, datetime

import pytest
from channels.reading import read_rows

from estime.channels import errors
from estime.channels.options import ReadOptions
from estime.channels.rows import RAW_LIMIT

HEAD = "id,author,date,text"
ROW = "1,ana,2024-01-01T10:00:00Z,bonjour"


@pytest.mark.parametrize(
    "head",
    ["author,date,text", "Auteur;Date;Texte", "AUTHOR\tTimestamp\tContent", "Pseudo|Publié le|Commentaire"],
)
def test_obvious_names_in_two_languages(write, head):
    mark = next(c for c in ",;\t|" if c in head)
    rows = read_rows(write("a.csv", [head, mark.join(["ana", "2024-01-01T10:00:00Z", "bonjour"])]))
    (act,) = rows.acts
    assert (act.actor, act.type, act.published, act.content, act.object_type) == (
        "ana", "Create", datetime(2024, 1, 1, 10, tzinfo=UTC), "bonjour", "Note",
    )  # fmt: skip
    assert act.object_id == act.source_id


def test_all_fields_and_extra(write):
    head = "identifiant,auteur,date,heure,acte,objet,réponse à,fil,texte,langue,note,unité,campagne"
    head += ",au nom de,Ville"
    row = "7,ana,2024-01-01,11:30,j'aime,o1,o0,f,ça,fr,4.5,étoiles,noël,marque,Lyon"
    (act,) = read_rows(write("a.csv", [head, row]), options=ReadOptions(timezone="Europe/Paris")).acts
    assert act.published == datetime(2024, 1, 1, 10, 30, tzinfo=UTC)
    assert act._replace(published=None) == (
        "7", "ana", "Like", None, "o1", None, "o0", "f", "ça", "fr", 4.5, "étoiles", "noël", "marque",
        {"Ville": "Lyon"}, None,
    )  # fmt: skip


def test_words_for_types(write):
    rows = read_rows(
        write(
            "a.csv", ["author,date,type", *(f"a,2024-01-01T00:00Z,{w}" for w in ("partage", "vote", "Join"))]
        )
    )
    assert [(a.type, a.object_type) for a in rows.acts] == [
        ("Announce", None),
        ("Create", "Vote"),
        ("Join", None),
    ]


def test_quotes_commas_and_line_feeds_inside(write):
    (act,) = read_rows(write("a.csv", f'{HEAD}\r\n1,ana,2024-01-01T10:00:00Z,"a ""b"",\r\nc"\r\n')).acts
    assert act.content == 'a "b",\r\nc'


def test_names_that_say_nothing_show_the_mapping_to_write(write):
    with pytest.raises(errors.MappingNeeded) as caught:
        read_rows(write("a.csv", ["foo,bar", "1,2"]), "csv")
    assert "foo, bar" in str(caught.value)
    assert "fields:" in caught.value.todo


def test_the_mapping_to_write_holds_what_names_say_and_takes_nothing_else_for_an_id(write):
    with pytest.raises(errors.MappingNeeded) as caught:
        read_rows(write("a.csv", ["created_at,foo: bar,text", "1,2,3"]), "csv")
    lines = [line.strip() for line in caught.value.todo.splitlines()]
    assert 'published: "created_at"' in lines
    assert 'content: "text"' in lines
    assert "actor: <the column with the author>" in lines
    assert "source_id: <the column with the id; leave this line out if there is none>" in lines


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([ROW, "2,bob", ROW], [(3, "wrong-number-of-cells")]),
        ([ROW, "2,bob,2024-01-01 10:00,x", ROW], [(3, "time-without-zone")]),
        ([ROW, "2,bob,31/12/2024,x", ROW], [(3, "bad-time")]),
        ([ROW, "2,,2024-01-01T10:00Z,x", ROW], [(3, "missing-field")]),
        ([ROW, "2,bob,,x", ROW], [(3, "missing-field")]),
        ([ROW, '2,bob,2024-01-01T10:00Z,"x" y', ROW], [(3, "bad-csv")]),
        ([ROW, '2,bob,2024-01-01T10:00Z,"never closed', ROW], [(3, "bad-csv")]),
        ([ROW, '2,bob,2024-01-01T10:00Z,"x', "y", ROW], [(3, "bad-csv"), (4, "wrong-number-of-cells")]),
        ([ROW, "2,b\0b,2024-01-01T10:00Z,x", ROW], [(3, "nul-byte")]),
        ([ROW, "", "   ", ROW], []),
    ],
)
def test_one_broken_row_costs_no_more_than_itself(write, rows, codes):
    found = read_rows(write("a.csv", [HEAD, *rows]), "csv")
    assert found.codes == codes
    assert len(found.acts) == 2


def test_a_broken_line_inside_a_quoted_cell(write):
    content = f'{HEAD}\n2,bob,2024-01-01T10:00Z,"one\n'.encode() + b"tw\xe9\n" + f'three"\n{ROW}\n'.encode()
    found = read_rows(write("a.csv", content), "csv")
    assert (3, "bad-encoding") in found.codes
    assert (2, "bad-csv") in found.codes
    assert [a.source_id for a in found.acts] == ["1"]


def test_an_open_quote_does_not_swallow_a_long_file(write):
    rows = [f"{n},ana,2024-01-01T10:00:00Z,{'x' * 200}" for n in range(10_000)]
    found = read_rows(write("a.csv", [HEAD, 'q,ana,2024-01-01T10:00:00Z,"open', *rows]), "csv")
    assert found.codes == [(2, "bad-csv")]
    assert len(found.acts) == 10_000


def test_a_header_that_cannot_be_read(write):
    with pytest.raises(errors.DocumentInvalid):
        read_rows(write("a.csv", b"d\xe9\xff\x81,b\n1,2\n"), "csv")


def test_rows_without_id_get_the_same_ids_again(write):
    path = write(
        "a.csv", ["author,date,text", *["ana,2024-01-01T10:00Z,oui"] * 3, "bob,2024-01-01T10:00Z,oui"]
    )
    first = [a.source_id for a in read_rows(path).acts]
    assert len(set(first)) == 4
    assert [a.source_id for a in read_rows(path).acts] == first


def test_numbers(write):
    values = ("4", "1 200", "nan", "1_0", "x")
    rows = read_rows(
        write(
            "a.csv",
            ["author,date,rating", *(f"a,2024-01-01T00:00Z,{v}" for v in values)],
        )
    )
    assert [a.value for a in rows.acts] == [4, 1200]
    assert rows.codes == [(4, "bad-number"), (5, "bad-number"), (6, "bad-number")]


def test_epochs(write):
    rows = read_rows(
        write("a.csv", ["author,date", "a,1714550400", "a,1714550400123", "a,1714550400.5", "a,17"])
    )
    assert [a.published.timestamp() for a in rows.acts] == [1714550400, 1714550400.123, 1714550400.5]
    assert rows.codes == [(5, "bad-time")]


def test_the_raw_text_of_a_reject_is_bounded(write):
    (reject,) = read_rows(write("a.csv", [HEAD, "x" * 200_000]), "csv").rejects
    assert len(reject.raw) == RAW_LIMIT
