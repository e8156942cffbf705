"""Pages of spaces and challenges: who sees what, and a challenge written, opened, changed and called off by forms."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cocreation.places import DEAL, Place, calendar, challenge_made
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from web.pages import words

from estime.cocreation import api
from estime.cocreation import models as m
from estime.cocreation.queries.files import files_known, pictures_known
from estime.web import frame

Factory = Callable[..., Place]
Browser = Callable[..., Client]

CHALLENGE = "/en/challenges/{pk}/"
PUBLIC = (
    "/en/spaces/bottles/",
    "/en/spaces/bottles/power/",
    "/en/spaces/bottles/power/challenges/",
    CHALLENGE,
    "/en/challenges/{pk}/deal/",
    "/en/challenges/{pk}/backstage/",
)
LEADS = ("set-up/question/", "set-up/look/", "longer/", "call-off/", "deal/change/")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    frame._PUBLIC = (float("-inf"), False)


def get(client: Client, path: str, status: int = 200) -> str:
    shown = client.get(path)
    assert shown.status_code == status, (path, shown.status_code, shown.get("Location"))
    return words(shown.content.decode())


def address(name: str, made: Place) -> str:
    return f"/en/challenges/{made.challenge.pk}/{name}"


# Reading


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_everybody_reads_a_public_space(place: Factory, browser: Browser, lang: str) -> None:
    made = place("vote", "decide")
    for path in PUBLIC:
        get(browser(), path.format(pk=made.challenge.pk).replace("/en/", f"/{lang}/"))
    for what in ("members", "votes", "hidden", "questions", "contributions"):
        get(browser(), f"/{lang}/spaces/bottles/power/{what}/")
    assert get(browser(), "/en/spaces/bottles/power/nothing/", 404)


def test_nobody_else_reads_a_private_one(place: Factory, browser: Browser) -> None:
    made = place(public=False)
    for path in PUBLIC:
        get(browser(), path.format(pk=made.challenge.pk), 404)
        get(browser(made.anna), path.format(pk=made.challenge.pk))
    assert "Bottles" not in get(browser(), "/en/spaces/")
    assert "Bottles" in get(browser(made.anna), "/en/spaces/")


def test_the_page_of_a_challenge_says_what_it_has_to(place: Factory, browser: Browser) -> None:
    made = place("vote", "decide")
    told = get(browser(), CHALLENGE.format(pk=made.challenge.pk))
    for text in (*(getattr(made.challenge, name) for name in m.BRIEF), *DEAL, "You decide", "Vote"):
        assert text in told, text
    assert "speaks for" in told
    assert "Opened by a member" not in told
    own = challenge_made(made.anna, made.space, calendar("propose", made.at), title="Ours")
    api.challenge_open(made.anna, own, when=own.created)
    told = get(browser(), CHALLENGE.format(pk=own.pk))
    assert "Opened by a member" in told
    assert "speaks for" not in told


def test_a_draft_is_there_for_those_who_lead_it(place: Factory, browser: Browser) -> None:
    made = place(opened=False)
    for one, status in ((None, 404), (made.anna, 404), (made.remi, 404), (made.lea, 200), (made.alix, 200)):
        get(browser(one), CHALLENGE.format(pk=made.challenge.pk), status)
        get(browser(one), address("backstage/", made), status)
    assert "A lid that stays shut" in get(browser(made.lea), "/en/challenges/")
    assert "A lid that stays shut" not in get(browser(made.anna), "/en/challenges/")
    assert "A lid that stays shut" not in get(browser(made.anna), "/en/spaces/bottles/")


@pytest.mark.parametrize("path", LEADS)
def test_what_leads_do_is_refused_to_others(place: Factory, browser: Browser, path: str) -> None:
    made = place()
    assert browser().get(address(path, made)).status_code == 302
    for one in (made.anna, made.remi, made.mo):
        for method in ("get", "post"):
            status = getattr(browser(one), method)(address(path, made)).status_code
            assert status in (403, 404), (path, status)
    assert browser(made.lea).get(address("set-aside/", made)).status_code == 403
    assert browser(made.anna).post(address("open/", made)).status_code == 404
    assert browser(made.anna).post(address("discard/", made)).status_code == 404
    assert browser(made.anna).post(address("backstage/give/", made), {"title": "Mine"}).status_code == 403


# The head, and how much is asked


def test_strangers_find_spaces_in_the_menu_where_one_is_public(place: Factory, browser: Browser) -> None:
    made = place(public=False)
    assert "/en/spaces/" not in _menu(browser())
    assert "/en/spaces/" in _menu(browser(made.anna))
    api.space_change(made.lea, made.space, api.SpaceWords("Bottles", public=True))
    frame._PUBLIC = (float("-inf"), False)
    assert "/en/spaces/" in _menu(browser())


def _menu(client: Client) -> str:
    found = re.search(
        r'<nav class="menu".*?</nav>', client.get("/en/definitions/").content.decode(), re.DOTALL
    )
    return found[0] if found else ""


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as told:
        assert client.get(path).status_code == 200, path
    return len(told)


def test_the_number_of_queries_does_not_grow(place: Factory, browser: Browser) -> None:
    made = place("vote", "decide")
    paths = ["/en/spaces/", *PUBLIC, "/en/challenges/"]
    few = {path: queries(browser(made.anna), path.format(pk=made.challenge.pk)) for path in paths}
    lead = {path: queries(browser(made.lea), path.format(pk=made.challenge.pk)) for path in paths}
    _fill(made)
    for path in paths:
        filled = path.format(pk=made.challenge.pk)
        assert queries(browser(made.anna), filled) <= few[path] + 5, path
        assert queries(browser(made.lea), filled) <= lead[path] + 5, path
        assert path == "/en/challenges/" or queries(browser(), filled) <= 22, path
    again = {path: queries(browser(made.anna), path.format(pk=made.challenge.pk)) for path in paths}
    _fill(made)
    for path in paths:
        assert queries(browser(made.anna), path.format(pk=made.challenge.pk)) == again[path], path


def _fill(made: Place) -> None:
    for number in range(4):
        api.space_make(made.lea, api.SpaceWords(f"Space {number}"))
        api.backstage_give(made.lea, made.challenge, f"A lid {number}", "", when=made.at)
        own = challenge_made(
            made.lea, made.space, calendar("propose", made.at), power="answer", title=f"No. {number}"
        )
        api.challenge_open(made.lea, own, when=own.created)
        version = m.Deal.objects.filter(challenge=made.challenge).count()
        api.deal_write(made.lea, made.challenge, DEAL._replace(owns=f"{version}"), reason="r", when=made.at)
        for place in (made.challenge, own):
            count = m.Contribution.objects.count()
            m.Contribution.objects.create(
                space=made.space, challenge=place, kind="idea", title="An idea", author=made.ben, at=made.at,
                changed=made.at, source=f"i/{count}",
            )  # fmt: skip


# Writing one


def test_a_lead_writes_a_challenge_step_by_step_and_opens_it(place: Factory, browser: Browser) -> None:
    made = place()
    client = browser(made.lea)
    begun = client.post("/en/spaces/bottles/challenges/new/", {"title": "A quieter lid"})
    one = m.Challenge.objects.get(title="A quieter lid")
    assert begun["Location"] == f"/en/challenges/{one.pk}/set-up/question/"
    base = f"/en/challenges/{one.pk}/set-up/"
    today = timezone.localdate()
    day = lambda n: (today + timedelta(days=n)).isoformat()  # noqa: E731
    steps: list[tuple[str, dict[str, Any]]] = [
        (
            "question",
            {
                "title": "A quieter lid",
                "problem": "It clacks.",
                "known": "k",
                "power": "answer",
                "kinds": ["idea"],
            },
        ),
        ("frame", {"decided": "d", "off_table": "o"}),
        ("means", {"decider": "Léa Martin", "resources": "3 days", "answer_by": day(60)}),
        ("calendar", {"propose_starts": day(0), "propose_ends": day(20)}),
        ("deal", DEAL._asdict()),
    ]
    told = get(client, f"{base}look/")
    assert "The deal, with all its parts" in told
    assert "Open the challenge" not in told
    assert client.post(f"/en/challenges/{one.pk}/open/")["Location"] == f"{base}look/"
    for slug, form in steps:
        get(client, f"{base}{slug}/")
        sent = client.post(f"{base}{slug}/", form)
        assert sent.status_code == 302, words(sent.content.decode())
    told = get(client, f"{base}look/")
    assert "What is still missing" not in told
    assert "Nothing lies in the backstage yet" in told
    for _twice in range(2):
        assert client.post(f"/en/challenges/{one.pk}/open/")["Location"] == f"/en/challenges/{one.pk}/"
    opened = m.Challenge.objects.get(pk=one.pk)
    assert opened.opened is not None
    assert [phase.kind for phase in opened.phases.all()] == ["propose"]
    assert timezone.localtime(opened.phases.get().ends).time().hour == 0
    assert client.get(f"{base}question/")["Location"] == f"/en/challenges/{one.pk}/"
    assert "A quieter lid" in get(browser(), "/en/spaces/bottles/")


def test_a_member_opens_one_of_their_own(place: Factory, browser: Browser) -> None:
    made = place()
    client = browser(made.anna)
    client.post("/en/spaces/bottles/challenges/new/", {"title": "Ours"})
    one = m.Challenge.objects.get(title="Ours")
    client.post(
        f"/en/challenges/{one.pk}/set-up/question/", {"title": "Ours", "power": "decide", "kinds": ["tip"]}
    )
    one.refresh_from_db()
    assert (one.power, one.kinds, one.by_brand) == ("answer", ["tip"], False)
    get(browser(made.lea), f"/en/challenges/{one.pk}/set-up/question/", 404)
    assert browser(made.remi).get("/en/spaces/bottles/challenges/new/").status_code == 403


def test_what_was_typed_stays_when_it_is_refused(place: Factory, browser: Browser) -> None:
    made = place(opened=False)
    client = browser(made.lea)
    base = f"/en/challenges/{made.challenge.pk}/set-up/"
    for slug, form, said in (
        ("question", {"title": " ", "problem": "It really clacks."}, "It really clacks."),
        ("means", {"decider": "Zoé", "answer_by": "soon"}, "Write a day"),
        ("means", {"decider": "Zoé", "answer_by": "9999-12-31"}, "Write a day"),
        ("means", {"decider": "Zoé", "answer_by": "2020-12-31"}, "This day is over"),
        ("calendar", {"propose_starts": "2027-01-09"}, "Give both days"),
        ("calendar", {"propose_starts": "2027-01-09", "propose_ends": "2027-01-02"}, "end after it starts"),
        ("deal", {"owns": "x" * 5000}, "too long"),
    ):
        sent = client.post(f"{base}{slug}/", form)
        assert sent.status_code == 422, slug
        assert said in words(sent.content.decode()), (slug, words(sent.content.decode()))
    stamp = re.search(r'name="stamp" value="(\w+)"', client.get(f"{base}frame/").content.decode())
    assert stamp
    mine = {"decided": "Mine.", "off_table": "o", "stamp": stamp[1]}
    assert browser(made.alix).post(f"{base}frame/", {**mine, "decided": "Theirs."}).status_code == 302
    sent = client.post(f"{base}frame/", mine)
    assert sent.status_code == 409
    assert {"Mine.", "Theirs."} <= set(re.findall(r"Mine\.|Theirs\.", words(sent.content.decode())))
    assert m.Challenge.objects.get().decided == "Theirs."


def test_an_example_of_the_deal_fills_the_form_and_saves_nothing(place: Factory, browser: Browser) -> None:
    made = place(opened=False)
    base = f"/en/challenges/{made.challenge.pk}/set-up/deal/"
    assert "Creative Commons" in get(browser(made.lea), f"{base}?example=belongs-to-all")
    m.Space.objects.update(language="fr")
    assert "Ce que vous écrivez" in get(
        browser(made.lea), f"{base}?example=stays-yours"
    )  # as members read it
    assert m.Deal.objects.get().licence == DEAL.licence


# After the opening


def test_longer_called_off_and_another_deal_by_forms(place: Factory, browser: Browser) -> None:
    made = place()
    client = browser(made.lea)
    end = made.challenge.phases.get(kind="propose").ends
    until = (timezone.localtime(end) + timedelta(days=5)).date().isoformat()
    wrong = client.post(
        address("longer/", made), {"phase": "propose", "until": "never", "reason": "Many asked."}
    )
    assert wrong.status_code == 422
    assert "Many asked." in wrong.content.decode()
    assert (
        client.post(
            address("longer/", made), {"phase": "propose", "until": until, "reason": "Many asked."}
        ).status_code
        == 302
    )
    told = get(browser(), CHALLENGE.format(pk=made.challenge.pk))
    assert told.count("Many asked.") == 1
    assert "Was to end on" in told
    sent = client.post(address("deal/change/", made), {**DEAL._asdict(), "owns": "All of us."})
    assert sent.status_code == 422
    client.post(
        address("deal/change/", made), {**DEAL._asdict(), "owns": "All of us.", "reason": "You asked."}
    )
    told = get(browser(), address("deal/", made))
    assert "Version 2" in told
    assert "You asked." in told
    assert DEAL.owns in told
    assert client.post(address("call-off/", made), {"reason": "The mould broke."}).status_code == 302
    told = get(browser(), CHALLENGE.format(pk=made.challenge.pk))
    assert "The mould broke." in told
    assert "Léa Martin" in told


def test_a_decision_set_aside_stays_on_challenge_space_and_figures(place: Factory, browser: Browser) -> None:
    made = place("decide", "decide")
    said = {"title": "Managing director", "reason": "The mill has closed.", "instead": "Linen."}
    assert "Set the decision aside" not in get(browser(made.lea), CHALLENGE.format(pk=made.challenge.pk))
    client = browser(made.alix)
    get(client, address("set-aside/", made))
    assert client.post(address("set-aside/", made), {**said, "reason": ""}).status_code == 422
    assert client.post(address("set-aside/", made), said).status_code == 302
    told = get(browser(), CHALLENGE.format(pk=made.challenge.pk))
    assert all(text in told for text in (*said.values(), "Alix Roy"))
    assert "Alix Roy" in get(browser(), "/en/spaces/bottles/")


# Coulisses


def test_files_are_given_with_an_entry_and_only_handed_out(
    place: Factory, browser: Browser, settings: LazySettings
) -> None:
    made = place(public=False)
    pdf = SimpleUploadedFile("the plan.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    client = browser(made.lea)
    given = {"title": "The plan", "body": "**Ours**", "file": pdf}
    assert client.post(address("backstage/give/", made), given).status_code == 302
    file = m.File.objects.get()
    told = client.get(address("backstage/", made)).content.decode()
    assert "<strong>Ours</strong>" in told
    path = f"/en/backstage/files/{file.pk}/"
    assert browser().get(path).status_code == 404
    sent = browser(made.anna).get(path)
    assert b"".join(sent.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert sent["Content-Disposition"].startswith("attachment;")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in sent["Content-Security-Policy"]
    assert browser(made.anna).post(address(f"backstage/drop/{file.pk}/", made)).status_code == 403
    assert client.post(address(f"backstage/drop/{file.pk}/", made)).status_code == 302
    assert client.post(address(f"backstage/drop/{file.pk}/", made)).status_code == 302
    assert not m.File.objects.exists()


def test_what_is_no_file_is_refused_and_the_entry_stays(place: Factory, browser: Browser) -> None:
    made = place()
    client = browser(made.lea)
    for name, content in (("run.exe", b"MZ"), ("plan.pdf", b"<html>"), ("a.png", b"<svg onload=alert(1)>")):
        form = {"title": f"With {name}", "file": SimpleUploadedFile(name, content)}
        assert client.post(address("backstage/give/", made), form).status_code == 302
    assert m.Backstage.objects.count() == 3
    assert not m.File.objects.exists()
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(made.lea.user)
    form = {"title": "Without a token", "file": SimpleUploadedFile("a.pdf", b"%PDF-1.4")}
    assert guarded.post(address("backstage/give/", made), form).status_code == 403


def test_a_picture_is_made_anew_and_handed_out_too(place: Factory, browser: Browser) -> None:
    from PIL import Image

    made = place()
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(drawn, "PNG")
    form = {"title": "A drawing", "file": SimpleUploadedFile("lid.png", drawn.getvalue())}
    browser(made.lea).post(address("backstage/give/", made), form)
    file = m.File.objects.get()
    assert (file.name, file.media_type) == ("lid.webp", "image/webp")
    sent = browser().get(f"/en/backstage/files/{file.pk}/")
    assert b"".join(sent.streaming_content)[8:12] == b"WEBP"  # type: ignore[attr-defined]
    assert pictures_known([file.sha256]) == {file.sha256}
    assert files_known([file.sha256]) == set()


# Spaces


def test_a_space_is_made_and_changed_by_forms(place: Factory, browser: Browser) -> None:
    made = place()
    client = browser(made.lea)
    assert browser(made.anna).get("/en/spaces/new/").status_code == 403
    assert " checked" not in client.get("/en/spaces/new/").content.decode(), "nothing is chosen beforehand"
    whole = {"title": "Lids", "threshold": "9", "readers": "members"}
    for wrong in (
        {"title": ""},
        {"threshold": "many"},
        {"slug": "bottles"},
        {"readers": ""},
        {"readers": "x"},
    ):
        assert client.post("/en/spaces/new/", {**whole, **wrong}).status_code == 422, wrong
    assert client.post("/en/spaces/new/", whole)["Location"] == "/en/spaces/lids/"
    space = m.Space.objects.get(slug="lids")
    assert (space.public, space.threshold) == (False, 9)
    changed = {
        "title": "All lids",
        "readers": "everybody",
        "fictional": "on",
        "about": "<script>x</script> **yes**",
    }
    assert client.post("/en/spaces/lids/change/", changed).status_code == 302
    told = browser().get("/en/spaces/lids/").content.decode()
    assert "<script>x" not in told
    assert "<strong>yes</strong>" in told
