"""What a chart can be taken away as: whole, safe to open, for the same eyes as the page."""

import csv
import io
import struct
from threading import Semaphore
from xml.etree import ElementTree  # our own files

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from readouts import told
from web.stored import store

from estime.kernel.home import home
from estime.people.models import User
from estime.people.roles import Role
from estime.readouts import pictures
from estime.readouts.files import MARK, RISKY, harmless
from estime.readouts.models import Picture

pytestmark = pytest.mark.django_db
ENDINGS = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv"}


def rows(client: Client, path: str) -> list[dict[str, str]]:
    text = client.get(path).content.decode()
    assert text.startswith(MARK)
    return list(csv.DictReader(io.StringIO(text.removeprefix(MARK), newline="")))


@pytest.mark.usefixtures("stored")
def test_every_file_that_a_page_offers_is_there(client: Client) -> None:
    for page in ("/en/all/", "/fr/c/club/", "/en/c/page/"):
        html = client.get(page).content.decode()
        offered = [part.split('"')[0] for part in html.split('href="') if " download" in part[:200]]
        assert len(offered) >= 5, page
        for address in offered:
            response = client.get(address)
            assert response.status_code == 200, address
            assert response["Content-Type"].startswith(ENDINGS[address.rpartition(".")[2]]), address
            assert response["Content-Disposition"].startswith("attachment; filename="), address


@pytest.mark.usefixtures("stored")
def test_a_picture_stands_alone(client: Client) -> None:
    response = client.get("/fr/c/club/active-share.svg")
    svg = response.content.decode()
    assert "var(" not in svg
    assert "class=" not in svg
    assert "style=" not in svg
    words = " ".join(ElementTree.fromstring(svg).itertext())  # noqa: S314  our own
    for said in (
        "The club",
        "Part réellement active",
        "12\u00a0mars\u00a02026",
        "MIT; names <hashed>",
        "sans les likes",
    ):
        assert said in words, said


@pytest.mark.usefixtures("stored")
def test_a_png_is_twice_as_fine_and_painted_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Picture.objects.exists()
    answer = client.get("/en/c/club/active-share.png")
    assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", answer.content[16:20]) == (1280,)
    monkeypatch.setattr(pictures, "_PAINTER", home() / "nowhere.py")
    again = client.get("/en/c/club/active-share.png", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get("/fr/c/club/active-share.png").status_code == 503  # another picture
    assert Picture.objects.count() == 1
    store((told.scope(), told.community()))  # the next edition tells as of another moment
    assert not Picture.objects.exists()


@pytest.mark.usefixtures("stored")
def test_what_somebody_else_had_painted_meanwhile_is_not_painted_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/en/c/club/active-share.png").status_code == 200
    (theirs,) = Picture.objects.all()

    class Taken:
        def acquire(self, timeout: float) -> bool:
            theirs.save(force_insert=True)
            return True

        def release(self) -> None:
            released.append(True)

    released: list[bool] = []
    Picture.objects.all().delete()
    monkeypatch.setattr(pictures, "_ROOM", Taken())
    monkeypatch.setattr(pictures, "_PAINTER", home() / "nowhere.py")
    assert client.get("/en/c/club/active-share.png").content == bytes(theirs.png)
    assert released == [True]


@pytest.mark.usefixtures("stored")
def test_while_others_are_painted_one_is_asked_to_come_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_ROOM", Semaphore(0))
    monkeypatch.setattr(pictures, "WAIT", 0.01)
    answer = client.get("/en/c/club/active-share.png")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


@pytest.mark.usefixtures("stored")
def test_the_figures_are_raw_and_say_where_they_come_from(client: Client) -> None:
    found = rows(client, "/en/c/club/answers.csv")
    assert {row["measure"] for row in found} == {
        "replies",
        "horizontality",
        "first_response",
        "unanswered",
        "owed",
    }
    (among,) = [row for row in found if row["measure"] == "horizontality"]
    assert (among["value"], among["low"], among["high"], among["n"], among["d"]) == (
        "0.58",
        "0.48",
        "0.67",
        "58",
        "100",
    )
    assert among["definition"] == "docs/measures/replies.md"
    assert among["source"] == "MIT; names <hashed>"
    assert among["as_of"] == "2026-03-12T18:00:00+00:00"
    weeks = rows(client, "/en/c/club/active-share.csv")
    assert {row["period"] for row in weeks if row["measure"] == "active_share"} == {
        "2026-02-23",
        "2026-03-02",
    }


@pytest.mark.usefixtures("stored")
def test_small_cohorts_are_not_in_the_file_either(client: Client) -> None:
    assert {row["period"] for row in rows(client, "/en/c/club/retention.csv")} == {"2026-01-01"}


def test_no_cell_of_text_is_computed_by_a_spreadsheet(client: Client) -> None:
    store((told.scope("club", "=cmd|'/c calc'!A1"), told.community()), draw=False)
    found = rows(client, "/en/c/club/active-share.csv")
    assert {row["scope_title"] for row in found} == {"'=cmd|'/c calc'!A1"}


@given(st.text())
def test_a_harmless_cell_starts_no_formula_and_loses_nothing(text: str) -> None:
    assert not harmless(text).startswith(RISKY)
    assert harmless(text).removeprefix("'" if text.startswith(RISKY) else "") == text


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("ending", sorted(ENDINGS))
def test_an_unchanged_file_is_not_sent_again(client: Client, ending: str) -> None:
    first = client.get(f"/en/c/club/active-share.{ending}")
    again = client.get(f"/en/c/club/active-share.{ending}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "no-cache"


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    "path",
    [
        "c/club/nothing.csv",
        "c/nobody/active-share.csv",
        "c/club/retention.svg",
        "all/words.png",
        "c/club/active-share.exe",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/en/{path}").status_code == 404


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("ending", sorted(ENDINGS))
def test_whoever_may_not_see_the_page_gets_no_file(client: Client, ending: str) -> None:
    (home() / "estime.toml").write_text("[privacy]\npublic_overview = false\n")
    path = f"/en/c/club/active-share.{ending}"
    assert client.get(path).status_code == 302
    client.force_login(User.objects.create_user("m@example.org", role=Role.MEMBER))
    assert client.get(path).status_code == 403
    client.force_login(User.objects.create_user("a@example.org", role=Role.ANALYST))
    assert client.get(path)["Cache-Control"] == "private, no-cache"


def few() -> list[told.Figure]:
    """A group of nine: too small for strangers."""
    return [
        *told.active(3, 2, 9),
        *(told.figure("presence", label, 0.3, n=3, d=9) for label in ("newcomer", "gone")),
    ]


def test_small_groups_are_for_the_brands_people_only(client: Client) -> None:
    store(
        (told.scope("*", ""), told.community()),
        (told.scope(), told.community()),
        (told.scope("nine", "The nine"), few()),
    )
    page = client.get("/en/c/nine/").content.decode()
    assert "Fewer than 10 people are here" in page
    assert "<svg" not in page
    assert client.get("/en/c/nine/active-share.csv").status_code == 404
    together = client.get("/en/all/").content.decode()
    assert "The nine" not in together
    assert "1 channel of fewer than 10 people is not shown in public." in together
    assert (
        not [row for row in rows(client, "/en/all/channels.csv") if row["scope"] == "nine"]
        if "channels.csv" in together
        else True
    )
    client.force_login(User.objects.create_user("a@example.org", role=Role.ANALYST))
    assert "The nine" in client.get("/en/all/").content.decode()
    assert client.get("/en/c/nine/active-share.csv").status_code == 200


@pytest.mark.usefixtures("stored")
def test_what_is_told_to_one_person_reaches_nobody_else(client: Client) -> None:
    """Bodies are kept for a role: a notice goes into the answer, not into what is kept."""
    from django.contrib.messages import constants
    from django.contrib.messages.storage.base import Message
    from django.contrib.messages.storage.session import SessionStorage
    from django.test import RequestFactory

    session = client.session
    request = RequestFactory().get("/")
    request.session = session
    SessionStorage(request)._store([Message(constants.SUCCESS, "Only for you.")], None)
    session.save()
    told_once = client.get("/en/c/club/")
    assert "Only for you." in told_once.content.decode()
    assert told_once["Cache-Control"] == "private, no-store"
    client.cookies.clear()
    assert "Only for you." not in client.get("/en/c/club/").content.decode()
