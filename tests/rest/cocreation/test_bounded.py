"""Protects the cost of answers: a bounded number of queries however much there is, and bounded bodies."""

import io
from typing import Any

import pytest
from cocreation.writing import given, said
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from estime.cocreation import api


def counted(client: Any, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200, path
    return len(queries)


def test_lists_ask_as_much_for_many_as_for_few(place, program):
    """Two queries are for the token and its member; the rest is the same for three things and for thirty."""
    here = place()
    reader = program(here.dani)
    anna = given(here, here.anna)
    one = f"/contributions/{anna.pk}"
    challenge = f"/challenges/{here.challenge.pk}"
    paths = {
        "/spaces": 4,
        f"/spaces/{here.space.slug}/challenges": 5,
        f"/spaces/{here.space.slug}/contributions": 7,
        f"/spaces/{here.space.slug}/questions": 5,
        f"/spaces/{here.space.slug}/events": 8,
        challenge: 8,
        f"{challenge}/contributions": 7,
        f"{challenge}/comments": 8,
        f"{challenge}/decisions": 5,
        one: 14,
        f"{one}/comments": 9,
        f"{one}/versions": 12,
        "/me/contributions": 30,
        "/me/notices": 8,
    }

    def fill(many: int) -> None:
        for n in range(many):
            by = here.members[n % 3]
            made = given(here, by, f"Lid number {n} of {many}")
            comment = said(here, here.members[(n + 1) % 3], made, f"Good {n} of {many}.")
            said(here, by, made, f"Thank you {n} of {many}.", parent=comment.pk)
            said(here, by, anna, f"Like that one {n} of {many}.")
            said(here, by, here.challenge, f"Word {n} of {many}.")
            words = api.QuestionWords(f"Why {n} of {many}?")
            api.question_ask(by, here.space, words, when=here.at)

    here.agree()
    fill(2)
    few = {path: counted(reader, path) for path in paths}
    fill(9)
    many = {path: counted(reader, path) for path in paths}
    assert {path: number for path, number in many.items() if number > few[path]} == {}
    assert {path: number for path, number in many.items() if number > paths[path]} == {}


def test_pages_show_each_once(place, program):
    """Walking a list by `next` meets everything once, in whatever order."""
    here = place()
    wanted = {given(here, here.anna, f"Lid {n}").pk for n in range(7)}
    reader = program(None)
    for order in ("new", "support", "talk", "open"):
        path, met = f"/challenges/{here.challenge.pk}/contributions?limit=3&order={order}", []
        for _page in range(5):
            answer = reader.get(path)
            met += [each["id"] for each in answer.json()["contributions"]]
            if answer.json()["next"] is None:
                break
            path = answer["Link"].partition(">")[0].removeprefix("</api/v1")
        assert sorted(met) == sorted(wanted), order
    other = reader.get(f"/challenges/{here.challenge.pk}/contributions?limit=3&order=new").json()["next"]
    assert (
        reader.get(f"/challenges/{here.challenge.pk}/contributions?order=talk&cursor={other}").status_code
        == 404
    )


def test_an_address_without_a_token_is_counted(place, program, folder):
    here = place()
    (folder / "estime.toml").write_text("[rest]\nstrangers_per_minute = 3\n")
    stranger = program(None)
    statuses = [stranger.get("/spaces").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert stranger.get("/spaces")["Retry-After"]
    assert program(here.anna).get("/spaces").status_code == 200
    wrong = stranger.client.get("/api/v1/spaces", headers={"authorization": "Bearer est_wrong"})
    assert wrong.status_code == 401, "a wrong token is no stranger"


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return SimpleUploadedFile("lid.png", out.getvalue(), "image/png")


def test_a_picture_is_brought_shown_and_handed_out(place, program):
    """Nobody else’s until something published shows it; HEAD tells about it, 304 that one has it."""
    here = place()
    anna, stranger = program(here.anna), program(None)
    at = f"/api/v1/spaces/{here.space.slug}/pictures"
    answer = anna.client.post(at, {"file": picture(), "alt": "A red lid"})
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["width"], told["alt"], told["published"]) == (40, "A red lid", False)
    content = f"/pictures/{told['id']}/content"
    assert stranger.get(content).status_code == 404
    words = {"title": "Red", "body": f"See: {told['markdown']}", "deal": 1}
    assert anna.post(f"/challenges/{here.challenge.pk}/contributions", words).status_code == 201
    shown = stranger.get(content)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert b"".join(shown.streaming_content)[:4] == b"RIFF"
    assert stranger.get(content, headers={"if-none-match": shown["ETag"]}).status_code == 304
    head = stranger.client.head(f"/api/v1{content}")
    assert (head.status_code, head.content, head["Content-Type"]) == (200, b"", "image/webp")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"file": SimpleUploadedFile("lid.png", b"no picture", "image/png")}, 415, "picture-unknown"),
        ({"file": SimpleUploadedFile("lid.svg", b"<svg onload='x'/>", "image/png")}, 415, "picture-unknown"),
        ({"file": SimpleUploadedFile("lid.png", b"x" * 30_000_000, "image/png")}, 413, "body-too-large"),
    ],
)
def test_what_is_no_picture_is_refused(place, program, sent, status, code):
    here = place()
    answer = program(here.anna).client.post(f"/api/v1/spaces/{here.space.slug}/pictures", sent)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_file_of_the_backstage_is_only_ever_saved(place, program):
    here = place()
    lead = program(here.lea)
    entry = lead.post(f"/challenges/{here.challenge.pk}/backstage", {"title": "Plans"}).json()["id"]
    at = f"/api/v1/challenges/{here.challenge.pk}/backstage/{entry}/files"
    plan = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    answer = lead.client.post(at, {"file": SimpleUploadedFile("plan.pdf", plan)})
    assert answer.status_code == 201, answer.content
    key = answer.json()["id"]
    assert program(here.anna).delete(f"/files/{key}").status_code == 403
    shown = program(None).get(f"/files/{key}")
    assert shown["Content-Disposition"].startswith("attachment")
    assert b"".join(shown.streaming_content) == plan
    assert lead.delete(f"/files/{key}").status_code == 200
    assert program(None).get(f"/files/{key}").status_code == 404
