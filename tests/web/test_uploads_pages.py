"""Bringing a file through the page, as a browser does it: with and without our script, wanted and unwanted."""

import re
from io import BytesIO

import pytest
from channels.uploading import silent
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from web.pages import client_of, page, words

from estime.channels.models import Import, Upload
from estime.jobs.actions import finish
from estime.jobs.actions.claim import claim
from estime.jobs.handlers import handler_of
from estime.jobs.holders import new_holder
from estime.jobs.models import Job
from estime.kernel.home import make_home, uploads_dir

TABLE = (
    b"auteur,date,texte\nana,2024-05-31T18:30:00Z,Bonjour\nbob,2024-05-31 19:00,<script>alert(1)</script>\n"
)


@pytest.fixture
def lead(db, _home) -> Client:
    make_home()
    return client_of("lead")


def sent(client: Client, content: bytes = TABLE, name: str = "avis.csv", **fields: str):
    told = {"new_channel": "avis", "title": "Avis", "file": SimpleUploadedFile(name, content)}
    return client.post("/en/channels/upload/", {**told, **fields})


def worked() -> None:
    """Every job that waits is done, as a worker does it; refreshes are left to their own tests."""
    Job.objects.filter(kind="refresh").delete()
    holder = str(new_holder())
    while (job := claim(holder)) is not None:
        told = handler_of(job.kind)(job.data, silent) if job.kind != "refresh" else ""
        finish.succeed(job, holder, told)


def test_from_a_file_to_its_numbers(lead):
    response = sent(lead)
    assert response.status_code == 302
    here = response["Location"]
    assert "We are looking into the file." in page(lead, here)
    assert 'http-equiv="refresh"' in lead.get(here).content.decode()
    worked()
    html = lead.get(here).content.decode()
    assert "Of 2 rows, 1 would come in, 0 are known already and 1 would be refused." in words(html)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    lead.post(here, {"do": "look", "timezone": "Europe/Paris", "format": "csv"})
    worked()
    assert "Of 2 rows, 2 would come in" in page(lead, here)
    assert lead.post(here, {"do": "import"}).status_code == 302
    lead.post(here, {"do": "import"})  # pressed twice
    assert Job.objects.filter(kind="import").count() == 1
    assert "waits for its turn" in page(lead, here)
    worked()
    record = Import.objects.get()
    assert lead.get(here)["Location"].endswith(f"/channels/imports/{record.pk}/")
    assert "2 rows of “avis.csv” came in." in page(lead, lead.get(here)["Location"])
    assert page(lead, "/en/channels/avis/").count("Avis") >= 1
    assert list(uploads_dir().iterdir()) == []


def test_columns_that_mean_nothing_are_explained_on_the_page(lead):
    here = sent(lead, b"Wer;Wann;Was\nana;31/05/2024 18:30;Gut\n")["Location"]
    worked()
    assert "Say below which column is which." in page(lead, here)
    told = {"do": "look", "format": "csv", "map": "1", "field-actor": "Wer", "field-published": "Wann",
            "field-content": "Was", "date_format": "%d/%m/%Y %H:%M", "timezone": "Europe/Paris"}  # fmt: skip
    lead.post(here, told)
    worked()
    html = lead.get(here).content.decode()
    assert "Of 1 row, 1 would come in" in words(html)
    assert re.search(r'name="field-actor".*?<option value="Wer" selected', html, re.S)


def test_our_script_is_told_where_to_go_or_what_is_wrong(lead):
    lead.defaults["HTTP_ACCEPT"] = "application/json"
    assert sent(lead).json()["to"].startswith("/en/channels/upload/")
    answer = lead.post("/en/channels/upload/", {"new_channel": "avis"})
    assert (answer.status_code, answer.json()) == (422, {"error": "Choose a file first."})
    assert "error" in sent(lead, new_channel="é à").json()
    assert len(list(uploads_dir().iterdir())) == 1


def test_a_file_that_is_too_large_leaves_nothing(lead, settings):
    settings.ESTIME_UPLOAD_MB = 1
    response = sent(lead, b"x" * ((1 << 20) + 1))
    assert response.status_code == 422
    assert "larger than the page takes in" in words(response.content.decode())
    response = sent(lead, b"x" * (3 << 20))
    assert response.status_code == 422
    assert list(uploads_dir().iterdir()) == []
    assert not Upload.objects.exists()


@pytest.mark.usefixtures("db", "_home")
def test_without_the_token_of_the_form_nothing_stays():
    make_home()
    strict = client_of("lead", enforce_csrf_checks=True)
    assert sent(strict).status_code == 403
    assert list(uploads_dir().iterdir()) == []
    token = re.search(
        r'name="csrfmiddlewaretoken" value="([^"]+)"', strict.get("/en/channels/upload/").content.decode()
    )
    assert token is not None
    assert sent(strict, csrfmiddlewaretoken=token[1]).status_code == 302


def test_a_connection_that_breaks_off_leaves_nothing(lead):
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + b"a" * 300_000
    response = lead.post("/en/channels/upload/", body, content_type="multipart/form-data; boundary=x")
    assert response.status_code in (400, 422)
    assert list(uploads_dir().iterdir()) == []
    assert not Upload.objects.exists()


@pytest.mark.usefixtures("db", "_home")
@pytest.mark.parametrize("role", [None, "member", "analyst", "moderator", "representative"])
def test_whoever_may_not_import_writes_nothing_to_our_disk(role):
    make_home()
    client = client_of(role) if role else Client()
    assert sent(client).status_code == (403 if role else 302)
    assert not list(uploads_dir().iterdir())


@pytest.mark.parametrize("path", ["/en/settings/", "/en/account/login/", "/en/channels/avis/"])
def test_no_other_page_takes_a_file(lead, path):
    lead.post(path, {"file": SimpleUploadedFile("a.csv", TABLE), "name": BytesIO(b"x")})
    assert not list(uploads_dir().iterdir())


def test_what_one_brought_is_not_there_for_another(lead):
    here = sent(lead)["Location"]
    assert client_of("administrator").get(here).status_code == 404
    assert client_of("administrator").post(here, {"do": "import"}).status_code == 404
    assert client_of("analyst").get(here).status_code == 403


def test_let_go(lead):
    here = sent(lead)["Location"]
    worked()
    lead.post(here, {"do": "drop"})
    assert not list(uploads_dir().iterdir())
    assert lead.get(here).status_code == 404
    assert lead.post(here, {"do": "import"}).status_code == 302
    assert not Job.objects.filter(kind="import").exists()


def test_a_job_that_failed_is_said_with_what_to_do(lead):
    here = sent(lead)["Location"]
    Job.objects.filter(kind="preview").delete()
    assert "This stopped before its end." in page(lead, here)
    assert "Look again" in page(lead, here)


def test_the_form_in_french(lead):
    assert "Apportez un fichier" in page(lead, "/fr/channels/upload/")
