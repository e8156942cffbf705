"""The pages of channels and jobs: what they tell, to whom, in both languages, and what they cost."""

import re
from datetime import timedelta

import pytest
from channels.uploading import bring, imported
from django.test import Client
from readouts import told
from web.pages import client_of, page
from web.stored import store

from estime.channels.models import Import
from estime.jobs import api as jobs
from estime.jobs.models import Job
from estime.kernel import clock
from estime.kernel.home import make_home
from estime.ledger import api as ledger
from estime.people.models import SettingsChange

TABLE = ["auteur,date,texte", "ana,2024-05-31T18:30:00Z,Bonjour", "bob,2024-05-31 19:00,Salut"]


@pytest.fixture
def record(db, _home) -> Import:
    make_home()
    return imported(bring(TABLE, "avis <b>été<i>.csv"))


@pytest.fixture
def lead(record) -> Client:
    return client_of("lead")


@pytest.mark.usefixtures("db", "_home")
def test_an_empty_installation_is_told_how_to_begin():
    make_home()
    text = page(client_of("lead"), "/en/channels/")
    assert "Nothing has come in yet." in text
    assert "Begin with a file" in text
    assert page(client_of("analyst"), "/en/channels/").count("Bring a file") == 0


def test_every_channel_with_what_came_and_what_waits(lead):
    store((told.scope("*", ""), []), (told.scope("avis", "Avis"), []), draw=False)
    text = page(lead, "/en/channels/")
    assert "What people do reaches us through 1 channel." in text
    assert "1 refused row waits to be mended." in text
    assert 'href="/en/c/avis/"' in lead.get("/en/channels/").content.decode()
    assert "Ce que font les gens nous parvient par 1 canal." in page(lead, "/fr/channels/")


def test_the_list_asks_the_database_little(lead, django_assert_max_num_queries):
    for number in range(8):
        ledger.channel_ensure(f"c{number}")
        Import.objects.create(channel=f"c{number}", file_name="a", format="csv", started=clock.now())
    with django_assert_max_num_queries(8):
        lead.get("/en/channels/")


def test_file_names_and_handles_are_shown_as_text(lead, record):
    for path in ("/en/channels/", "/en/channels/avis/", f"/en/channels/imports/{record.pk}/"):
        text = lead.get(path).content.decode()
        assert "<b>été" not in text
    assert "avis &lt;b&gt;été&lt;i&gt;.csv" in text


def test_the_history_of_a_channel_goes_page_by_page(lead, record):
    for number in range(60):
        when = record.started + timedelta(minutes=number // 2)
        Import.objects.create(
            channel="avis", file_name=f"f{number}", format="csv", started=when, status="done"
        )
    seen, path = [], "/en/channels/avis/"
    while path:
        text = lead.get(path).content.decode()
        seen += re.findall(r'data-label="File">([^<]+)', text)
        after = re.search(r'rel="next" href="(\?before=[^"]+)"', text)
        path = f"/en/channels/avis/{after[1].replace('&amp;', '&')}" if after else ""
    assert len(seen) == len(set(seen)) == 61


@pytest.mark.parametrize("before", ["x", "2024-01-01_y", "2024-01-01T00:00:00_" + "0" * 36, "%00", "9" * 400])
def test_addresses_that_somebody_made_up_harm_nothing(lead, before):
    assert lead.get("/en/channels/avis/", {"before": before}).status_code == 200
    assert lead.get("/en/jobs/", {"before": before}).status_code == 200
    assert lead.get("/en/settings/changes/", {"before": before}).status_code == 200


def test_a_channel_is_renamed_by_whoever_may_and_pages_follow(record):
    store((told.scope("avis", "Old"), []), draw=False)
    made = {"title": "Avis <clients>", "attribution": "CC BY"}
    assert client_of("lead").post("/en/channels/avis/", made).status_code == 403
    admin = client_of("administrator")
    assert admin.post("/en/channels/avis/", made).status_code == 302
    assert "Avis &lt;clients&gt;" in admin.get("/en/channels/avis/").content.decode()
    assert "Avis &lt;clients&gt;" in admin.get("/en/c/avis/").content.decode()
    assert set(SettingsChange.objects.values_list("key", flat=True)) == {
        "channel.avis.title", "channel.avis.attribution",
    }  # fmt: skip
    long = admin.post("/en/channels/avis/", {"title": "x" * 300, "attribution": ""})
    assert long.status_code == 422
    assert "At most 200 characters" in long.content.decode()


def test_a_channel_called_as_an_address_of_ours_has_its_page(lead):
    ledger.channel_ensure("upload")
    assert 'href="/en/channels/named/upload/"' in lead.get("/en/channels/").content.decode()
    assert lead.get("/en/channels/named/upload/").status_code == 200
    assert lead.get("/en/channels/nowhere/").status_code == 404


def failed(**fields) -> Job:
    job = jobs.enqueue("refresh", {}, key="refresh")
    Job.objects.filter(pk=job).update(
        status="failed",
        slot=None,
        finished=clock.now(),
        error="storage-full",
        message={"en": "Full."},
        **fields,
    )
    return Job.objects.get(pk=job)


def test_failed_jobs_come_first_with_what_to_do_and_may_run_again(lead):
    job = failed()
    text = page(lead, "/en/jobs/")
    assert "1 job failed and asks for you." in text
    assert "Make room, then try again." in text
    analyst = client_of("analyst")
    assert "Run again" not in page(analyst, "/en/jobs/")
    assert analyst.post(f"/en/jobs/{job.pk}/", {"do": "retry"}).status_code == 403
    assert lead.post(f"/en/jobs/{job.pk}/", {"do": "retry"}).status_code == 302
    assert lead.post(f"/en/jobs/{job.pk}/", {"do": "retry"}, follow=True).status_code == 200  # pressed twice
    job.refresh_from_db()
    assert job.status == "waiting"


def test_a_job_is_set_aside(lead):
    job = failed()
    lead.post(f"/en/jobs/{job.pk}/", {"do": "aside"})
    assert "failed, set aside" in page(lead, f"/en/jobs/{job.pk}/")
    assert "asks for you" not in page(lead, "/en/jobs/")


def test_work_that_waits_without_a_worker_is_said(lead):
    jobs.enqueue("refresh", {}, key="refresh")
    assert "no worker has looked" in page(lead, "/en/jobs/")
    assert "http-equiv" in lead.get("/en/jobs/").content.decode()


def test_jobs_go_page_by_page(lead):
    Job.objects.all().delete()
    made = [jobs.enqueue("preview", {"upload": str(n)}) for n in range(60)]
    seen, path = [], "/en/jobs/"
    while path:
        text = lead.get(path).content.decode()
        seen += re.findall(r'<th scope="row"><a href="/en/jobs/([0-9a-f-]+)/"', text)
        after = re.search(r'rel="next" href="(\?before=[^"]+)"', text)
        path = f"/en/jobs/{after[1]}" if after else ""
    assert sorted(seen) == sorted(map(str, made))
    assert seen == sorted(seen, reverse=True)
    assert lead.get("/en/jobs/0190f3c4-0000-7000-8000-000000000000/").status_code == 404
