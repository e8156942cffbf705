"""Refused rows: mended one by one, all at once or elsewhere, left out for a reason, erased with whom they are of."""

import csv
import io
from pathlib import Path

import orjson
import pytest
from channels.uploading import arrive, bring, imported, person, silent
from hypothesis import given, settings
from hypothesis import strategies as st

from estime.channels import api, corrected_file, refused
from estime.channels.errors import CorrectionInvalid, RejectUnknown
from estime.channels.models import Import, SettledReject
from estime.channels.rejects import RejectsFile, blank, refused_at, refused_from
from estime.jobs.wording import in_each_language
from estime.kernel import clock
from estime.kernel.home import make_home, rejects_dir
from estime.ledger import api as ledger
from estime.ledger.drafts import Reject
from estime.ledger.models import Act

TABLE = [
    "auteur,date,texte,type",
    "ana,2024-05-31T18:30:00Z,Bonjour,post",
    "bob,2024-05-31 19:00,Salut,post",
    "cyd,2024-05-31T20:00:00Z,Ravie,applaudir",
    ",2024-05-31T21:00:00Z,Personne,post",
    "dan,2024-05-31 22:00,À demain,post",
    'eva,2024-05-31T23:00:00Z,"Jamais fermé,post',
]


@pytest.fixture
def here(_home):
    return make_home()


@pytest.fixture
def record(here, db) -> Import:
    found = imported(bring(TABLE, title="Avis"))
    assert (found.new, found.rejected) == (1, 5)
    return found


def waiting(record: Import, code: str = "") -> list[refused.Refused]:
    record.refresh_from_db()
    return list(refused.open_rows(record, code))


def broken(record: Import, code: str) -> api.Broken:
    row = waiting(record, code)[0]
    return api.broken_of(record, row.place, row.reject)


def said(handle: str) -> list[tuple[str, str | None]]:
    keys = [key for _, key in ledger.account_keys([("avis", handle)])]
    return list(Act.objects.filter(actor__in=keys).values_list("type", "content"))


def test_what_was_refused_is_counted_by_code(record):
    assert {(c.code, c.total, c.open) for c in api.codes_of(record)} == {
        ("time-without-zone", 2, 2), ("unknown-type", 1, 1), ("missing-field", 1, 1), ("bad-csv", 1, 1),
    }  # fmt: skip
    Import.objects.update(codes={})  # an import from before they were kept
    assert len(api.codes_of(Import.objects.get())) == 4


def test_a_row_is_mended_and_in_once(record):
    row = broken(record, "missing-field")
    assert (row.shape, row.values) == ("cells", ["", "2024-05-31T21:00:00Z", "Personne", "post"])
    mended = api.Broken(row.place, row.code, row.shape, ["fay", *row.values[1:]])
    assert api.mend(record.pk, [mended], person().pk).inside == 1
    assert api.mend(record.pk, [mended], person().pk).inside == 0
    assert said("fay") == [("Create", "Personne")]
    settled = SettledReject.objects.get()
    assert (settled.how, settled.by.email, settled.code) == ("mended", "lead@example.org", "missing-field")
    with pytest.raises(RejectUnknown):
        api.refused_find(record, row.place)


def test_a_row_that_is_refused_again_goes_on_waiting_and_leaves_no_trace(record):
    row = broken(record, "missing-field")
    done = api.mend(
        record.pk, [api.Broken(row.place, row.code, "cells", ["fay", "tomorrow", "x", "post"])], None
    )
    assert (done.inside, [(r.line, r.code) for r in done.refused]) == (0, [(row.place, "bad-time")])
    assert not SettledReject.objects.exists()
    assert said("fay") == []
    assert len(waiting(record)) == 5


def test_a_row_that_the_ledger_refused_is_mended_as_an_act(record):
    row = broken(record, "unknown-type")
    assert row.shape == "draft"
    values = {**row.values, "type": "like"}
    assert api.mend(record.pk, [api.Broken(row.place, row.code, "draft", values)], None).inside == 1
    assert said("cyd") == [("Like", "Ravie")]


def test_a_line_that_could_not_be_cut_is_mended_as_a_line(record):
    row = broken(record, "bad-csv")
    assert row.shape == "line"
    mended = api.Broken(row.place, row.code, "line", row.values.replace('"', ""))
    assert api.mend(record.pk, [mended], None).inside == 1
    assert said("eva") == [("Create", "Jamais fermé")]


def test_the_mended_row_is_the_one_that_a_mended_file_would_bring(record):
    """Mended here, and the file mended and imported again: the same act, once."""
    row = broken(record, "missing-field")
    api.mend(record.pk, [api.Broken(row.place, row.code, "cells", ["fay", *row.values[1:]])], None)
    again = imported(bring([TABLE[0], "fay,2024-05-31T21:00:00Z,Personne,post"], "mended.csv"))
    assert (again.new, again.known) == (0, 1)


def told_by(outcome) -> str:
    """What a job keeps of its outcome, in English."""
    return in_each_language(outcome)["en"]


def mend_all(record: Import, code: str, **told) -> str:
    correction = api.check_correction(code, told)
    data = {"import": str(record.pk), "code": code, "correction": correction, "by": person().pk}
    return told_by(api.mend_job(data, silent))


def test_one_zone_for_all(record):
    assert mend_all(record, "time-without-zone", timezone="Europe/Paris") == "Settled: 2 · refused again: 0"
    assert said("bob") == [("Create", "Salut")]
    assert Act.objects.get(content="Salut").published.isoformat() == "2024-05-31T17:00:00+00:00"
    assert mend_all(record, "time-without-zone", timezone="Europe/Paris") == "Settled: 0 · refused again: 0"


def test_one_meaning_for_each_word(record):
    assert api.words_of(record) == [("applaudir", 1)]
    mend_all(record, "unknown-type", types={"applaudir": "Like"})
    assert said("cyd") == [("Like", "Ravie")]


def test_one_way_of_writing_times_and_numbers(here, db):
    record = imported(bring(["client;date;note", "ana;31/05/2024 18:30;4,5", "bob;2024-05-31T18:30:00Z;4,5"]))
    assert record.rejected == 2
    mend_all(record, "bad-number", decimal=",")
    assert Act.objects.get().value == 4.5
    mend_all(record, "bad-time", date_format="%d/%m/%Y %H:%M", timezone="Europe/Paris")
    assert Act.objects.count() == 1  # the number is still written with a comma
    assert len(waiting(record)) == 1


def test_all_left_out_for_a_reason(record):
    mend_all(record, "time-without-zone", leave="  Essais d’avant l’ouverture ")
    assert set(SettledReject.objects.values_list("how", "reason")) == {("left", "Essais d’avant l’ouverture")}
    assert api.import_waiting(Import.objects.get()) == 3
    assert said("bob") == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("time-without-zone", {}),
        ("act-differs", {"timezone": "UTC"}),
        ("unknown-type", {"types": {"a": "Hack"}}),
    ],
)
def test_corrections_that_say_nothing_or_nonsense(code, told):
    with pytest.raises(CorrectionInvalid):
        api.check_correction(code, told)


def corrected(record: Import, content: bytes, name: str) -> str:
    upload = api.upload_keep(arrive(content, name), name, person().pk, mends=record.pk)
    api.import_ask(upload)
    told = told_by(api.mend_job({"upload": str(upload.pk)}, silent))
    assert api.mend_job({"upload": str(upload.pk)}, silent)  # killed at its end, the job runs again
    return told


def test_mended_elsewhere_as_a_table(record):
    out = list(csv.DictReader(io.StringIO(b"".join(api.rejects_written(record, "csv")).decode("utf-8-sig"))))
    assert len(out) == 5
    for row in out:
        row["date"] = row["date"].replace("2024-05-31 ", "2024-05-31T") + (
            "+02:00" if " " in row["date"] else ""
        )
        row["auteur"] = row["auteur"] or "fay"
        row["act.type"] = "Like" if row["act.type"] else ""
        row["estime_line"] = row["estime_line"].replace('"', "")
    del out[0]  # a row that is missing from the file goes on waiting
    text = io.StringIO()
    writer = csv.DictWriter(text, out[0].keys(), delimiter=";")
    writer.writeheader()
    writer.writerows([*out, {**out[0], "estime_row": "3"}, {**out[0], "estime_row": "x"}])
    assert corrected(record, text.getvalue().encode(), "refused.csv") == "Settled: 4 · refused again: 0"
    assert said("cyd") == [("Like", "Ravie")]
    assert said("eva") == [("Create", "Jamais fermé")]
    assert [row.reject.code for row in waiting(record)] == ["time-without-zone"]


def test_a_row_that_was_copied_or_moved_in_the_spreadsheet_breaks_nothing(record):
    lines = [orjson.loads(line) for line in api.rejects_written(record, "jsonl")]
    mended = next(line for line in lines if line["estime_code"] == "missing-field")
    mended["row"][0] = "fay"
    copied = {**mended, "row": ["gil", *mended["row"][1:]]}
    odd = [{**mended, "estime_row": place} for place in (-1, 2**62, "9" * 30, "9" * 5000, "²", None)]
    told = corrected(record, b"\n".join(map(orjson.dumps, [mended, copied, *odd])), "refused.jsonl")
    assert told == "Settled: 1 · refused again: 0"
    assert (len(said("fay")), said("gil")) == (1, [])


def test_mended_elsewhere_as_json_lines(record):
    lines = [orjson.loads(line) for line in api.rejects_written(record, "jsonl")]
    for line in lines:
        if line["estime_code"] == "missing-field":
            line["row"][0] = "fay"
    told = corrected(record, b"\n".join(map(orjson.dumps, lines)), "refused.jsonl")
    assert told == "Settled: 1 · refused again: 4"


def test_a_file_that_is_not_ours_is_told_so(record):
    upload = api.upload_keep(arrive("a,b\n1,2\n"), "x.csv", person().pk, mends=record.pk)
    with pytest.raises(CorrectionInvalid, match="estime_row"):
        api.mend_job({"upload": str(upload.pk)}, silent)


@given(st.text(max_size=30))
def test_no_cell_is_a_formula_and_every_cell_comes_back(cell):
    written = corrected_file._safe(cell)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert corrected_file._unsafe(written) == cell


codes = st.sampled_from(["a-code", "another-code", "third-code"])


@settings(deadline=None)  # it writes files
@given(
    st.lists(st.tuples(codes, st.text(max_size=60), st.text(max_size=60)), min_size=1, max_size=30), st.data()
)
def test_places_stand_for_rows_for_ever(tmp_path_factory, rows, data):
    path: Path = tmp_path_factory.mktemp("rejects") / "r.jsonl"
    with RejectsFile(path) as file:
        for number, (code, reason, raw) in enumerate(rows):
            file.add(Reject(number, code, reason, raw))
    found = list(refused_from(path))
    assert [(r.reject.code, r.reject.reason, r.reject.raw) for r in found] == rows
    for code, (count, first) in file.codes.items():
        same = [row for row in found if row.reject.code == code]
        assert (count, first) == (len(same), same[0].place)
    gone = data.draw(st.sampled_from(found))
    blank(path, gone)
    after = {row.place: row.reject for row in refused_from(path)}
    assert {p: r for p, r in after.items() if p != gone.place} == {
        row.place: row.reject for row in found if row.place != gone.place
    }
    if len(gone.reject.raw) > 3:
        assert gone.reject.raw.encode() not in path.read_bytes() or any(
            gone.reject.raw in r.raw + r.reason for r in after.values()
        )
    starts = {row.place for row in found}
    size = path.stat().st_size
    assert all(refused_at(path, place) is None for place in range(-1, size + 2) if place not in starts)


def test_pages_are_bounded_and_miss_nothing(record, monkeypatch):
    monkeypatch.setattr(refused, "STEP", 2)
    monkeypatch.setattr(refused, "LOOKED_AT", 2)
    seen, start = [], 0
    while start is not None:
        page = api.refused_page(record, "time-without-zone", start, 1)
        seen += [row.reject.line for row in page.rows]
        start = page.next
    assert seen == [3, 6]


def test_the_desk_is_told_of_an_import_until_nothing_waits(record):
    (debt,) = api.reject_debts.oldest(clock.now(), 0, None, 10)
    assert (debt.kind, debt.id, debt.channel) == ("rejects", str(record.pk), "avis")
    assert "5" in debt.title
    assert api.reject_debts.oldest(clock.now(), 0, (debt.since, debt.id), 10) == []
    assert api.reject_debts.oldest(clock.now(), 0, (debt.since, ""), 10) == [debt]
    assert api.import_close(record.pk, person().pk, "Mended in the source.")
    assert api.reject_debts.count(clock.now()) == (0, 0)
    assert api.import_reopen(record.pk)
    assert api.reject_debts.count(clock.now()) == (1, 0)


def test_the_same_file_again_does_not_owe_the_same_rows_twice(record):
    again = imported(bring(TABLE))
    assert (again.known, again.rejected) == (1, 5)
    assert [d.id for d in api.reject_debts.oldest(clock.now(), 0, None, 10)] == [str(again.pk)]
    record.refresh_from_db()
    assert record.closed_reason == api.AGAIN


def test_another_file_of_the_same_name_settles_nothing(record):
    imported(bring([TABLE[0], "gil,2024-06-01 10:00,x,post"]))
    assert api.reject_debts.count(clock.now()) == (2, 0)


def test_erasing_somebody_blanks_what_waits_of_theirs_and_of_nobody_else(record):
    assert api.rejects_erase("avis", "bob") == 1
    assert api.rejects_erase("avis", "eva") == 1
    assert api.rejects_erase("avis", "cyd") == 1
    assert api.rejects_erase("avis", "bob") == 0
    assert api.rejects_erase("elsewhere", "dan") == 0
    text = (rejects_dir() / record.rejects_file).read_text()
    assert "bob" not in text
    assert "Salut" not in text
    assert "Jamais" not in text
    assert {row.reject.code for row in waiting(record)} == {"time-without-zone", "missing-field"}
    assert [row.reject.line for row in waiting(record)] == [5, 6]
    assert set(SettledReject.objects.values_list("how", flat=True)) == {"erased"}
    assert api.import_waiting(Import.objects.get()) == 2


def test_who_is_found_by_the_column_that_says_who(here, db):
    rows = ["ref,kunde,wann", "bob,ana,2024-05-31 10:00", "ana,bob,2024-05-31 11:00"]
    mapping = {"fields": {"actor": {"column": "kunde"}, "published": {"column": "wann"}}}
    record = imported(bring(rows, format="csv", mapping=mapping))
    assert api.rejects_erase("avis", "bob") == 1
    assert [row.reject.line for row in waiting(record)] == [2]
