"""The page of an import: refused rows for those who may see them, mended by hand, all at once, or elsewhere."""

import pytest
from channels.uploading import bring, imported
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from web.pages import client_of, page, words
from web.test_uploads_pages import worked

from estime.channels import refused
from estime.channels.actions import import_path
from estime.channels.errors import MappingNeeded
from estime.channels.models import Import, SettledReject
from estime.jobs.models import Job
from estime.kernel.home import make_home, uploads_dir
from estime.ledger.models import Act

TABLE = [
    "auteur,date,texte,type",
    "ana,2024-05-31T18:30:00Z,Bonjour,post",
    "bob,2024-05-31 19:00,<i>Salut</i>,post",
    "cyd,2024-05-31 20:00,=HYPERLINK(1),post",
    "dan,2024-05-31T21:00:00Z,Bravo,applaudir",
]


@pytest.fixture
def record(db, _home) -> Import:
    make_home()
    return imported(bring(TABLE))


@pytest.fixture
def here(record) -> str:
    return f"/en/channels/imports/{record.pk}/"


@pytest.fixture
def lead(record) -> Client:
    return client_of("lead")


def first(record: Import, code: str) -> refused.Refused:
    return next(iter(refused.open_rows(record, code)))


def test_reasons_for_all_rows_for_those_who_may_import(here, lead):
    text = page(lead, here)
    assert "1 row of “avis.csv” came in. 3 rows wait to be mended." in text
    assert "A time without a time zone" in text
    assert "Mend them elsewhere" in text
    html = lead.get(here + "?code=time-without-zone").content.decode()
    assert "&lt;i&gt;Salut&lt;/i&gt;" in html
    assert "<i>Salut" not in html
    for role in ("analyst", "moderator", "representative"):
        other = client_of(role)
        text = page(other, here + "?code=time-without-zone")
        assert "A time without a time zone" in text
        assert "Salut" not in text
        assert "bob" not in text
        for path in ("refused.csv", "refused.jsonl", f"rows/{0}/"):
            assert other.get(here + path).status_code == 403


def test_a_row_is_mended_in_a_form(here, lead, record):
    row = first(record, "time-without-zone")
    path = f"{here}rows/{row.place}/"
    assert "=HYPERLINK" not in page(lead, path)
    values = {"v0": "bob", "v1": "hier", "v2": "<i>Salut</i>", "v3": "post", "do": "mend"}
    again = lead.post(path, values)
    assert again.status_code == 422
    assert "A time that cannot be read" in words(again.content.decode())
    assert 'value="hier"' in again.content.decode()
    values["v1"] = "2024-05-31T19:00:00Z"
    assert lead.post(path, values).status_code == 302
    assert Act.objects.filter(content="<i>Salut</i>").count() == 1
    assert lead.post(path, values).status_code == 302  # pressed twice
    assert Act.objects.count() == 2
    assert lead.get(path).status_code == 404


def test_a_row_is_left_out_only_with_a_reason(here, lead, record):
    path = f"{here}rows/{first(record, 'unknown-type').place}/"
    empty = lead.post(path, {"do": "leave", "reason": "  "})
    assert empty.status_code == 422
    assert "Say why" in words(empty.content.decode())
    assert lead.post(path, {"do": "leave", "reason": "Un essai"}).status_code == 302
    assert SettledReject.objects.get().reason == "Un essai"


def test_one_correction_for_all(here, lead, record):
    response = lead.post(here + "correct/", {"code": "time-without-zone", "timezone": "Europe/Paris"})
    assert "/jobs/" in response["Location"]
    worked()
    assert Act.objects.count() == 3
    assert "Settled: 2" in page(lead, response["Location"])
    bad = lead.post(here + "correct/", {"code": "time-without-zone", "timezone": "Mars/Olympus"}, follow=True)
    assert "There is no time zone of this name." in words(bad.content.decode())
    lead.post(here + "correct/", {"code": "unknown-type", "word-0": "applaudir", "type-0": "Like"})
    worked()
    assert Act.objects.filter(type="Like").count() == 1
    assert "wait to be mended" not in page(lead, here)


def test_all_of_a_code_are_left_out_with_a_reason(here, lead):
    lead.post(here + "correct/", {"code": "time-without-zone", "do": "leave", "reason": ""})
    assert not Job.objects.filter(kind="mend").exists()
    lead.post(here + "correct/", {"code": "time-without-zone", "do": "leave", "reason": "Essais"})
    worked()
    assert SettledReject.objects.filter(how="left").count() == 2


def test_rows_go_out_as_a_file_and_come_back_mended(here, lead):
    response = lead.get(here + "refused.csv")
    assert response["Content-Disposition"] == 'attachment; filename="refused-avis-csv.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    text = response.getvalue().decode()
    assert ",'=HYPERLINK" in text
    mended = (
        text.replace("2024-05-31 ", "2024-05-31T").replace("19:00", "19:00:00Z").replace("20:00", "20:00:00Z")
    )
    back = lead.post(here + "corrected/", {"file": SimpleUploadedFile("r.csv", mended.encode())})
    worked()
    assert "Settled: 2" in page(lead, back["Location"])
    assert Act.objects.filter(content="=HYPERLINK(1)").count() == 1
    assert not list(uploads_dir().iterdir())


def test_a_whole_import_is_put_aside_and_taken_up_again(here, lead):
    lead.post(here + "close/", {"reason": ""})
    assert "Set aside by" not in page(lead, here)
    lead.post(here + "close/", {"reason": "Reparti de la source"})
    assert "Set aside by lead@example.org: Reparti de la source" in page(lead, here)
    lead.post(here + "close/", {"do": "reopen"})
    assert "3 rows wait" in page(lead, here)


@pytest.mark.parametrize("place", ["1", "999999", "99999999999999999999999999"])
def test_places_that_are_none(here, lead, place):
    assert lead.get(f"{here}rows/{place}/").status_code == 404


def test_a_reject_of_one_import_is_not_reached_through_another(record, lead):
    other = imported(bring(["auteur,date,texte", "eva,2024-06-01T10:00:00Z,x"], "b.csv"))
    assert lead.get(f"/en/channels/imports/{other.pk}/rows/0/").status_code == 404


def test_an_import_that_could_not_begin_has_a_page_and_no_channel(lead, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("foo,bar\n1,2\n")
    with pytest.raises(MappingNeeded):
        import_path(path, channel="typo", format="csv")
    record = Import.objects.get(channel="typo")
    assert lead.get("/en/channels/typo/").status_code == 404
    response = lead.get(f"/en/channels/imports/{record.pk}/")
    assert response.status_code == 200
    assert "/channels/typo/" not in response.content.decode()
