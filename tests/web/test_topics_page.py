"""Protects the page of topics: told in words, only of groups, each quote in its context, a choice queued once."""

from pathlib import Path

import pytest
from django.test import Client
from ledger.acts import act, rows
from listening.kept_topics import run, topic
from web.test_acts import signed_in

from estime.jobs import api as jobs
from estime.jobs.models import Job
from estime.ledger import api as ledger
from estime.listening.topic_models import TopicRun

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script> the crust of @marie is \u202e late"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home" / "secret").write_text("5e" * 32)
    return tmp_path / "home"


@pytest.fixture
def spoken(home: Path) -> list[int]:
    """The seqs of three texts in the ledger."""
    said = ["The crust is perfect", HOSTILE, "I have cancer and like the crust"]
    ledger.append("forum", rows(*(act(number, content=text, lang="en") for number, text in enumerate(said))))
    ledger.index_acts()
    return [found.seq for found in ledger.acts_page(ledger.ActFilter(), limit=9).acts][::-1]


def page(role: str = "lead", address: str = "/en/listening/", **asked: str) -> str:
    answer = signed_in(role).get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_now_against_before_in_words(spoken: list[int]) -> None:
    made = run()
    topic(made, 1, seqs=spoken[::-1])
    topic(made, 2, direction="less", ratio=0.4, low=0.25, high=0.6)
    topic(made, 3, direction="same", newcomers=2, regulars=5, brand_people=0, before_people=20)
    topic(made, 4, direction="gone", newcomers=0, regulars=0)
    topic(made, 5, newcomers=1, regulars=1, before_people=1)
    text = page().replace("\xa0", " ")
    for words in (
        "4 topics that people share",
        "80 texts by 40 people",
        "Twice as many as in the 90 days before (between 1.2 and 3.3 times).",
        "60 % fewer than in the 90 days before (between 40 % and 75 %).",
        "No clear change against the 90 days before.",
        "Nobody speaks of it any more.",
        "24 people",
        "fewer than 10 people",
        "11 newcomers · 13 regulars · 2 accounts of the brand",
        "25 % of 20 people whose tone is clear sound negative (11 – 47 %).",
        "75 % of the texts speak of a topic",
        "agree in part on these topics (0.50 of 1)",
        "1 topic is not told: too few people share it.",
        "The crust is perfect",
    ):
        assert words in text, words
    assert "<script>alert" not in text
    assert "cancer" not in text, "what reveals is not quoted"
    assert "@marie" not in text
    assert "marie" not in page("analyst")
    french = page(address="/fr/listening/").replace("\xa0", " ")
    assert "Deux fois plus que dans les 90 jours d’avant (entre 1,2 et 3,3 fois)." in french


def test_a_quote_leads_to_its_act_and_a_label_to_all_texts(spoken: list[int]) -> None:
    topic(run(), 1, seqs=spoken[::-1])
    client = signed_in("lead")
    text = page()
    for act_id in ledger.acts_page(ledger.ActFilter(), limit=9).acts[1:]:
        assert f"/en/acts/{act_id.id}/" in text
    assert "/en/listening/topics/1/?channel=%2A&amp;days=90" in text
    found = client.get("/en/listening/topics/1/", {"channel": "*", "days": "90"}).content.decode()
    assert "The crust is perfect" in found
    assert "cancer" not in found
    assert "they are left out" in found
    assert client.get("/en/listening/topics/2/").status_code == 404
    assert client.get("/en/listening/topics/1/", {"days": "30"}).status_code == 404


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("no-text", "There is no text to read."),
        ("one-person", "One person wrote all of it"),
        ("too-few", "too few different"),
    ],
)
def test_when_nothing_is_found_it_says_why(home: Path, outcome: str, words: str) -> None:
    run(outcome=outcome, since=None, until=None, before=None, stability=None)
    assert words in page()


def test_a_choice_is_found_by_a_job_that_is_asked_for_once(spoken: list[int]) -> None:
    client = signed_in("lead")
    assert "Not looked for yet" in page()
    for _twice in range(2):
        answer = client.post("/en/listening/choose/", {"channel": "forum", "days": "365"})
    assert answer.status_code == 302
    (job,) = Job.objects.filter(kind="topics")
    assert job.data == {"channel": ledger.channel_formats()["forum"][0], "days": 365}
    assert "are being looked for" in client.get(answer["Location"]).content.decode()
    run(channel=job.data["channel"], days=365)
    answer = client.post("/en/listening/choose/", {"channel": "forum", "days": "365"})
    assert "job" not in answer["Location"]
    assert jobs.kind_in_words("topics") == "Search for topics"


@pytest.mark.parametrize("asked", [{"channel": "nowhere"}, {"days": "31"}, {"days": "x" * 200}])
def test_what_is_not_there_is_not_found(home: Path, asked: dict[str, str]) -> None:
    client = signed_in("lead")
    assert client.get("/en/listening/", asked).status_code == 404
    assert client.post("/en/listening/choose/", {"channel": "*", "days": "90", **asked}).status_code == 404
    assert not Job.objects.exists()


def test_who_may_not_listen_sees_none_of_it(home: Path) -> None:
    run()
    assert signed_in("member").get("/en/listening/").status_code == 403
    assert Client().get("/en/listening/").status_code == 302
    assert (
        signed_in("member").post("/en/listening/choose/", {"channel": "*", "days": "30"}).status_code == 403
    )
    assert TopicRun.objects.count() == 1


def test_without_a_choice_longer_days_stand_in_where_they_tell_more(home: Path) -> None:
    topic(run(), 1)
    longer = run(days=365)
    for number in (1, 2, 3):
        topic(longer, number)
    assert "3 topics that people share" in page()
    assert "1 topic that people share" in page(days="90", channel="*")
