"""What pages of co-creation are sent and do not expect: numbers, fields, addresses, files; too much of anything."""

import re
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, unquote
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from cocreation.places import Place, place_made
from django.http import HttpResponse
from django.urls import Resolver404, resolve, reverse
from PIL import Image
from web.cocreation.attacked import ADDRESSES, filled, world
from web.cocreation.attacking import as_, at_home, told

from estime.cocreation import api
from estime.cocreation import models as m
from estime.web.too_much import TooMuchMiddleware

__all__ = ["at_home"]
pytestmark = pytest.mark.django_db

ODD = ("-1", "0", "9223372036854775807", "9223372036854775808", "9" * 200, "1%00", "１", "1e3", "x")


def leads_nowhere(path: str) -> bool:
    """Whether no address of ours is like this: what Django itself answers with 404 need not be asked for."""
    try:
        resolve(unquote(path))
    except Resolver404:
        return True
    return False


def test_numbers_that_are_none_are_not_found() -> None:
    there = world(place_made, text="plain", body="Plain.")
    client, reached = as_(there.place.alix), set[str]()
    for name, path in told(there):
        wanted = [arg for arg in ADDRESSES[name].args if isinstance(filled(there, arg), int)]
        for arg in wanted:
            for odd in ODD:
                asked = path.replace(f"/{filled(there, arg)}/", f"/{odd}/", 1)
                if asked == path or leads_nowhere(asked):
                    continue
                reached.add(odd)
                for answer in (client.get(asked), client.post(asked, dict(ADDRESSES[name].posts))):
                    assert answer.status_code in (404, 405), (name, odd, answer.status_code)
    assert reached >= {"0", "9223372036854775807", "9223372036854775808", "9" * 200}
    assert client.get("/en/ideas/x/").status_code == client.get("/en/ideas/1%00/").status_code == 404


FIELDS = (
    *(
        "after",
        "before",
        "order",
        "kind",
        "q",
        "words",
        "page",
        "answer",
        "quote",
        "built_on",
        "number",
        "seen",
    ),
    *(
        "body",
        "title",
        "reason",
        "parent",
        "quoted",
        "once",
        "chosen",
        "base",
        "saved",
        "deal",
        "due",
        "choice",
    ),
    *(
        "option",
        "challenge",
        "do",
        "member",
        "to",
        "do",
        "phase",
        "until",
        "threshold",
        "cost",
        "granted",
        "lifted",
    ),
)
SENSELESS = (
    "\x00",
    "9" * 40,
    "-5",
    "\ud800",
    "[" * 900,
    "\u202e",
    "1e999",
    "../../x",
    "x" * 60_000,
    "2026-02-30",
    "%s%n",
    "",
)


def test_fields_that_make_no_sense_break_nothing() -> None:
    """Each field of each address gets something else that makes no sense, twice over."""
    there = world(place_made, text="plain", body="Plain.")
    for turn, client in enumerate((as_(there.place.alix), as_(there.place.anna))):
        for place_of, (name, path) in enumerate(told(there)):
            odd = {
                field: SENSELESS[(turn * 5 + place_of + number) % len(SENSELESS)]
                for number, field in enumerate(FIELDS)
            }
            short = {field: value[:60].replace("\ud800", "") for field, value in odd.items()}
            assert client.get(path, short).status_code < 500, (name, short)
            form = {**dict(ADDRESSES[name].posts), **odd}
            body = "&".join(
                f"{field}={quote(value, errors='surrogatepass')}" for field, value in form.items()
            )
            answer = client.post(path, body, content_type="application/x-www-form-urlencoded")
            assert answer.status_code < 500, (name, {field: value[:20] for field, value in odd.items()})


def test_no_more_is_changed_than_a_form_has() -> None:
    """Mass assignment: fields that no form has are sent along with every form that works."""
    there = world(place_made, text="plain", body="Plain.")
    made = there.place
    extra = {
        "author": made.alix.pk, "by": made.alix.pk, "member": made.alix.handle, "owner": made.alix.pk, "for_brand": "1",
        "hidden": "1", "supports": "99", "joined": "99", "threshold": "1", "decision": "taken", "reached": "2020-01-01",
        "at": "2020-01-01", "is_staff": "1", "role": "administrator", "public": "", "settled": "1", "kept": "1",
        "space": "9", "power": "decide", "by_brand": "1", "criticism": "no", "published": "1", "user": "1", "next": "https://evil.example/",
    }  # fmt: skip
    client = as_(made.ben)
    sent = (
        ("idea-comment", {"body": "I say one thing more."}),
        ("question-comment", {"body": "I say one thing more, here."}),
        ("question-ask", {"title": "What of the strap?", "body": "It tears."}),
        ("comment-edit", {"body": "In other words."}),
        ("report", {"reason": "hateful"}),
    )
    paths = dict(told(there))
    paths["report"] = reverse("report", args=["interpellation", str(there["question"])])
    for name, form in sent:
        answer = client.post(paths[name], {**extra, **form})
        assert answer.status_code == 302, (name, answer.status_code)
        assert "evil" not in answer["Location"], name
    words = m.Comment.objects.filter(by=made.ben).order_by("-pk")[0]
    assert (words.for_brand, words.hidden, words.at.year) == (False, False, words.at.year)
    assert words.at > made.at.replace(year=2021)
    asked = m.Interpellation.objects.get(title="What of the strap?")
    assert (asked.author, asked.threshold, asked.joined, asked.reached) == (
        made.ben,
        made.space.threshold,
        1,
        None,
    )
    settled = m.Report.objects.get(member=made.ben, interpellation=there["question"])
    assert (settled.settled, settled.kept) == (None, None)
    made.ben.user.refresh_from_db()  # type: ignore[union-attr]
    assert made.ben.user.role == "member"  # type: ignore[union-attr]
    assert m.Space.objects.get(pk=made.space.pk).public


def test_nothing_leads_elsewhere() -> None:
    there = world(place_made, text="plain", body="Plain.")
    elsewhere = (
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:zq()",
        "https:evil.example",
    )
    names = ("next", "back", "url", "to", "redirect")
    for who in (None, there.place.anna):
        client = as_(who)
        for number, (name, path) in enumerate(told(there)):
            asked = {field: elsewhere[(number + turn) % 5] for turn, field in enumerate(names)}
            for answer in (
                client.get(path, asked),
                client.post(path, {**dict(ADDRESSES[name].posts), **asked}),
            ):
                assert not _leads_out(answer), (name, answer.get("Location"))


def _leads_out(answer: HttpResponse) -> bool:
    to = answer.get("Location", "")
    return bool(to) and not (
        (to.startswith("/") and not to.startswith(("//", "/\\")))
        or to.startswith(("?", "http://testserver/"))
    )


NAMES_OF_FILES = (
    "../../../etc/passwd.pdf", "..\\..\\windows\\a.pdf", "a\r\nSet-Cookie: zq=1.pdf", 'a"; filename="b.exe',
    "a\x00.pdf",
    "/etc/cron.d/zq.pdf", "x" * 900 + ".pdf", "\u202efdp.exe.pdf", "<zq onload=zq()>.pdf", ".htaccess.pdf", "-rf.pdf",
)  # fmt: skip


class TestUploads:
    """Files through the pages that take them, as anybody could send them."""

    def test_names_lead_nowhere_and_say_nothing_to_browsers(self, at_home: Path) -> None:
        there = world(place_made, text="plain", body="Plain.")
        client = as_(there.place.lea)
        path = reverse("backstage-attach", args=[there.place.challenge.pk, there["entry"]])
        for number, name in enumerate(NAMES_OF_FILES):
            told_file = BytesIO(b"%PDF-1.4\n" + str(number).encode() + b"\n%%EOF\n")
            told_file.name = name
            assert client.post(path, {"file": told_file}).status_code in (302, 422), name
        kept = m.File.objects.exclude(pk=there["file"])
        assert kept.count() >= 4
        for one in kept:
            assert not re.search(r"[/\\\x00\r\n<>\"\u202e]", one.name), one.name
            assert len(one.name) <= 200
            answer = client.get(reverse("backstage-file", args=[one.pk]))
            assert answer.status_code == 200
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Content-Disposition"].startswith("attachment")
            assert "Set-Cookie" not in answer.headers
        assert not [path for path in at_home.rglob("*") if "zq" in path.name or "passwd" in path.name]
        assert not Path("/etc/cron.d/zq.pdf").exists()

    def test_zips_that_burst_and_zips_that_climb(self) -> None:
        there = world(place_made, text="plain", body="Plain.")
        client = as_(there.place.lea)
        path = reverse("backstage-attach", args=[there.place.challenge.pk, there["entry"]])
        before = m.File.objects.count()
        for entries in (
            {"zeros.bin": b"\0" * 60_000_000},
            {"../../zq.txt": b"x"},
            {"/zq.txt": b"x"},
            {"C:\\zq.txt": b"x"},
            {f"{number}.txt": b"" for number in range(20_000)},
        ):
            packed = BytesIO()
            with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
                for name, content in entries.items():
                    archive.writestr(name, content)
            packed.seek(0)
            packed.name = "given.zip"
            answer = client.post(path, {"file": packed}, follow=True)
            assert answer.status_code < 500
            assert m.File.objects.count() == before, list(entries)[:1]

    def test_pictures_that_burst_and_pictures_that_are_none(self, at_home: Path) -> None:
        there = world(place_made, text="plain", body="Plain.")
        client = as_(there.place.anna)
        path = reverse("draft", args=[there["draft"]])
        bomb = BytesIO()
        Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
        before = m.Picture.objects.count()
        for content in (
            bomb.getvalue(),
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='zq()'/>",
            b"GIF89a" + b"\xff" * 400,
            b"%!PS\n(zq) print",
            b"",
            b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        ):
            told_file = BytesIO(content)
            told_file.name = "../../zq.png"
            saved = m.Draft.objects.get(pk=there["draft"]).saved
            form = {
                "saved": str(saved),
                "title": "Mine",
                "body": "Own.",
                "kind": "idea",
                "do": "picture",
                "alt": "zq",
            }
            answer = client.post(path, {**form, "picture": told_file})
            assert answer.status_code in (302, 422), content[:9]
            assert m.Picture.objects.count() == before, content[:9]
        good = BytesIO()
        Image.new("RGB", (30, 30), "red").save(good, "PNG")
        good.seek(0)
        good.name = "../../etc/zq.png"
        saved = m.Draft.objects.get(pk=there["draft"]).saved
        form = {
            "saved": str(saved),
            "title": "Mine",
            "body": "Own.",
            "kind": "idea",
            "do": "picture",
            "alt": "zq",
        }
        assert client.post(path, {**form, "picture": good}).status_code in (302, 200)
        assert m.Picture.objects.count() == before + 1
        assert not [one for one in at_home.rglob("*") if "zq" in one.name]


def test_who_does_too_much_is_told_so_and_loses_nothing(at_home: Path) -> None:
    there = world(place_made, text="plain", body="Plain.")
    (at_home / "estime.toml").write_text(
        "[cocreation.limits]\nsupports_per_hour = 1\ncomments_per_hour = 1\n"
    )
    client = as_(there.place.dani)
    support = reverse("idea-support", args=[there["idea"]])
    assert client.post(support).status_code == 302
    assert "very often" in client.post(support, {"do": "back"}, follow=True).content.decode()
    assert m.Support.objects.filter(member=there.place.dani).count() == 1
    say = reverse("idea-comment", args=[there["idea"]])
    assert client.post(say, {"body": "Once."}).status_code == 302
    again = client.post(say, {"body": "Twice, in many words."})
    assert again.status_code == 422
    assert "Twice, in many words." in again.content.decode()
    error = api.SlowDown("Too much.", todo="Wait.", seconds=90)
    page = TooMuchMiddleware(lambda _request: HttpResponse()).process_exception(again.wsgi_request, error)
    assert page is not None
    assert (page.status_code, page["Retry-After"]) == (429, "90")
    assert b"Too much." in page.content


def test_reporting_hiding_and_appealing_through_the_pages() -> None:
    there = world(place_made, text="plain", body="Plain.")
    made: Place = there.place
    path = reverse("report", args=["contribution", str(there["built"])])
    anna, mo, lea = as_(made.anna), as_(made.mo), as_(made.lea)
    assert "Should this not stand here?" in anna.get(path).content.decode()
    assert anna.post(path, {"reason": ""}).status_code == 422
    assert anna.post(path, {"reason": "advertising"}).status_code == 302
    assert "You reported this" in anna.get(path).content.decode()
    assert "Built plain" in mo.get("/en/moderation/").content.decode()
    look = reverse("moderation-look", args=["contribution", str(there["built"])])
    assert "Advertising" in mo.get(look).content.decode()
    hide = reverse("moderation-hide", args=["contribution", str(there["built"])])
    form = {"reason": "advertising", "words": "Too short.", "criticism": "no"}
    assert "Does it say what" in mo.post(hide, form).content.decode()
    assert mo.post(hide, {**form, "sure": "1", "criticism": ""}).status_code == 422
    assert mo.post(hide, {**form, "sure": "1"}).status_code == 302
    hiding = m.Hiding.objects.get(contribution=there["built"])
    listed = as_(None).get(f"/en/spaces/{made.space.slug}/hidden/").content.decode()
    assert "Too short." in listed
    assert "Built plain" not in listed
    ben = as_(made.ben)
    assert (
        ben.post(reverse("hidden-appeal", args=[hiding.pk]), {"words": "It is no advertising."}).status_code
        == 302
    )
    appeal = reverse("moderation-appeal", args=[hiding.appeal.pk])
    assert "somebody else answers" in mo.get(appeal).content.decode()
    assert lea.post(appeal, {"answer": "", "granted": "yes"}).status_code == 422
    assert lea.post(appeal, {"answer": "You are right.", "granted": "yes"}).status_code == 302
    assert "You are right." in ben.get(reverse("hidden", args=[hiding.pk])).content.decode()
    assert "Built plain" in as_(None).get(reverse("idea", args=[there["built"]])).content.decode()
    log = as_(made.alix).get("/en/moderation/log/").content.decode()
    assert "Answered an appeal: shown again" in log
    desk = mo.get("/en/to-keep/").content.decode()
    assert "Look at what was reported" in desk
    assert "Answer an appeal" in desk
