"""Leaving for good: by oneself alone, after showing once more who one is; and then nothing of it is left."""

import re
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cocreation.places import Place, place_made
from cocreation.writing import given
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from people.together import together

from estime.cocreation import api as cocreation
from estime.jobs.api import Later
from estime.kernel.erasures import last_erasure
from estime.kernel.home import home
from estime.listening import api as listening
from estime.listening.survey_models import Asked, AskNever
from estime.people import api as people
from estime.people.jobs import leave_due, leave_job
from estime.people.models import Deed, Invitation, StaffEvent, User
from estime.people.tokens import token_make

PASSWORD = "a long enough one"
NAME, WORD, ADDRESS = "Zélie Quintefeuille", "xylophone", "zelie@example.org"
SURE = {"sure": "yes"}
both = pytest.mark.usefixtures("installed")
quick = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)


@pytest.fixture
def here(installed: Any) -> Place:
    cache.clear()
    made = place_made()
    for member in (made.anna, made.alix):
        user = member.user
        assert user is not None
        if member is made.anna:
            user.name, user.email, user.language = NAME, ADDRESS, "fr"
        user.set_password(PASSWORD)
        user.save()
        cocreation.member_named(user)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return made


def signed_in(email: str = ADDRESS) -> Client:
    browser = Client()
    assert browser.post("/en/account/login/", {"login": email, "password": PASSWORD}).status_code == 302
    return browser


def shown(browser: Client) -> Client:
    """They have shown just now that it is they."""
    told = browser.post("/en/account/reauthenticate/?next=/en/me/leave/sure/", {"password": PASSWORD})
    assert told.headers["Location"] == "/en/me/leave/sure/"
    return browser


def there(email: str = ADDRESS) -> bool:
    return User.objects.filter(email=email, is_active=True).exists()


def run() -> None:
    leave_job({}, lambda done, total: None)


def left_of(*words: str) -> list[tuple[str, str]]:
    """Tables and columns of the whole database that hold one of these words."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    plain = isinstance(value, bytes | memoryview)
                    text = bytes(value).decode("utf-8", "replace") if plain else str(value)
                    found += [(table, name) for word in words if word.lower() in text.lower()]
    return sorted(set(found))


def lived(here: Place) -> None:
    """Whatever may hold something of somebody's: words, ways in, invitations, tokens, mails."""
    user = here.anna.user
    assert user is not None
    here.anna.name = NAME
    here.agree(here.anna)
    given(here, here.anna, f"A {WORD}", WORD)
    draft = cocreation.draft_begin(here.anna, cocreation.Place(here.challenge, None), when=here.at)
    cocreation.draft_save(here.anna, draft.pk, cocreation.DraftWords(WORD, WORD, "idea"), 0, when=here.at)
    token_make(user, WORD, ["spaces:read"], by=user)
    people.staff_link_make(user)
    SocialAccount.objects.create(user=user, provider="oidc", uid=WORD, extra_data={"name": NAME})
    people.invite("friend@example.org", "member", user, "1")
    account = type(here.anna).objects.values_list("account", flat=True).get(pk=here.anna.pk)
    asked = Asked.objects.create(account=account, occasion="decision", act=1, space=1, due=here.at)
    listening.survey_answer(account, asked.pk, listening.Answers({1: 5}, ["fun"], WORD))
    listening.survey_never(user.pk, account, True)
    taken = {"expires": here.at, "accepted": here.at, "accepted_by": user}
    Invitation.objects.create(email=ADDRESS, role="member", digest="0" * 64, **taken)


@both
def test_from_the_page_me_to_goodbye_and_nothing_is_left(here: Place) -> None:
    lived(here)
    user = User.objects.get(email=ADDRESS)
    browser, other = signed_in(), signed_in()
    for kind in ("webauthn", "totp"):
        Authenticator.objects.create(user=user, type=kind, data={"name": WORD})
    assert "/en/me/leave/" in browser.get("/en/me/").content.decode()
    page = browser.get("/en/me/leave/").content.decode()
    assert "/me/contributions/file/" in page
    assert (
        browser.get("/en/me/leave/sure/").headers["Location"].startswith("/en/account/reauthenticate/?next=")
    )
    shown(browser)
    assert browser.get("/en/me/leave/sure/").status_code == 200
    assert browser.post("/en/me/leave/sure/").status_code == 422
    assert there()
    done = browser.post("/en/me/leave/sure/", SURE)
    assert (done.status_code, done.headers["Location"]) == (302, "/en/goodbye/")
    assert browser.get("/en/goodbye/").status_code == 200
    for each in (browser, other):
        assert each.get("/en/me/").status_code == 302
    assert not there()
    again = Client().post("/en/account/login/", {"login": ADDRESS, "password": PASSWORD})
    assert again.headers["Location"] == "/en/account/inactive/"
    assert leave_due()
    assert left_of(WORD)
    run()
    assert left_of(WORD, NAME, ADDRESS) == []
    assert (Asked.objects.count(), AskNever.objects.count()) == (0, 0)
    assert not leave_due()
    assert last_erasure() is not None, "older copies are told of"
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]]
    assert "effacé" in mail.outbox[0].body
    event = StaffEvent.objects.get(deed=Deed.LEFT)
    assert people.event_words(event) == ("Somebody who left", "left for good and had all of theirs erased")
    assert set(event.data) == set()
    run()
    people.leave(user.pk)
    assert len(mail.outbox) == 1
    assert StaffEvent.objects.filter(deed=Deed.LEFT).count() == 1
    assert cocreation.Contribution.objects.get().erased
    invited = Invitation.objects.get(email="friend@example.org")
    assert invited.revoked is not None, "nobody comes in by a link of somebody who is gone"
    assert people.login_make(ADDRESS, "member").pk != user.pk, "who comes back is somebody new"


@quick
def test_what_does_not_erase_anybody(here: Place) -> None:
    """Looking, another site's form, a sign-in that is all too long ago, another's number."""
    browser = signed_in()
    for path in ("/en/me/leave/", "/en/me/leave/sure/", "/en/me/leave/code/"):
        browser.get(path, SURE)
    answer = browser.post("/en/me/leave/sure/", SURE)
    assert answer.headers["Location"].startswith("/en/account/reauthenticate/")
    answer = browser.post(
        "/en/account/reauthenticate/?next=/en/me/leave/sure/", {"password": PASSWORD}, follow=True
    )
    assert answer.redirect_chain[-1][0] == "/en/me/leave/sure/"
    assert there(), "what was sent before they showed who they are is not carried out by itself"
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 301
    session.save()
    assert browser.post("/en/me/leave/sure/", SURE).status_code == 302
    shown(browser)
    elsewhere = Client(enforce_csrf_checks=True)
    elsewhere.cookies = browser.cookies
    assert elsewhere.post("/en/me/leave/sure/", SURE).status_code == 403
    assert there()
    ben = here.ben.user
    assert ben is not None
    browser.post(f"/en/me/leave/sure/?user={ben.pk}", {**SURE, "user": ben.pk, "pk": ben.pk, "id": ben.pk})
    assert (there(), there(ben.email)) == (False, True)
    assert Client().post("/en/me/leave/sure/", SURE).headers["Location"].startswith("/en/account/login/")


@quick
def test_whoever_has_no_password_shows_who_they_are_by_a_code(here: Place) -> None:
    user = User.objects.get(email=ADDRESS)
    user.set_unusable_password()
    user.save()
    browser = Client()
    browser.force_login(user)

    def code() -> str:
        found = re.search(r"^    (\S+)$", mail.outbox[-1].body, re.MULTILINE)
        assert found
        return found[1]

    assert browser.post("/en/me/leave/sure/", SURE).headers["Location"] == "/en/me/leave/code/"
    assert browser.get("/en/me/leave/code/").status_code == 200
    assert mail.outbox == [], "a mail is sent when it is asked for"
    browser.post("/en/me/leave/code/", {"do": "send"})
    for _try in range(3):
        assert browser.post("/en/me/leave/code/", {"code": "XXXXXX"}).status_code == 422
    assert browser.post("/en/me/leave/code/", {"code": code()}).status_code == 422, "three tries"
    browser.post("/en/me/leave/code/", {"do": "send"})
    stolen = Client()
    stolen.force_login(user)
    assert stolen.post("/en/me/leave/code/", {"code": code()}).status_code == 422, (
        "good in its own session only"
    )
    told = browser.post("/en/me/leave/code/", {"code": f" {code().lower()} "})
    assert told.headers["Location"] == "/en/me/leave/sure/"
    assert browser.post("/en/me/leave/sure/", SURE).headers["Location"] == "/en/goodbye/"
    assert not there()


@both
def test_the_only_administrator_stays_and_of_two_at_once_one(here: Place) -> None:
    alix = here.alix.user
    assert alix is not None
    browser = shown(signed_in(alix.email))
    assert "only administrator" in browser.get("/en/me/leave/").content.decode()
    refused = browser.post("/en/me/leave/sure/", SURE)
    assert refused.status_code == 422
    assert "Make somebody else administrator first." in refused.content.decode()
    second = people.login_make("second@example.org", "administrator")
    results = together(*[lambda pk=pk: people.leave(pk) for pk in (alix.pk, second.pk)])
    assert sorted(type(one) for one in results if one is not None) == [people.LastAdministrator]
    assert people.administrators().count() == 1


@both
def test_sent_twice_at_once_it_is_one_leaving_that_nobody_undoes(here: Place) -> None:
    user = User.objects.get(email=ADDRESS)
    assert together(*[lambda: people.leave(user.pk)] * 3) == [None] * 3
    assert StaffEvent.objects.filter(deed=Deed.LEFT).count() == 1
    for undo in (lambda: people.let_in(user.pk), lambda: people.role_change(user.pk, "lead")):
        with pytest.raises(people.UnknownPerson):
            undo()
    assert all(one is None or isinstance(one, Later) for one in together(run, run))
    run()
    assert not leave_due()
    user.refresh_from_db()
    assert (str(user), user.email, user.name) == ("Somebody who left", f"{user.pk}@erased.invalid", "")


@both
def test_of_an_event_only_the_name_of_a_token_can_be_taken_out(here: Place) -> None:
    user = User.objects.get(email=ADDRESS)
    token_make(user, "shop", ["spaces:read"], by=user)
    event = StaffEvent.objects.get(deed=Deed.TOKEN_MADE)
    for data in ({**event.data, "name": "other"}, {**event.data, "name": "", "scopes": []}, {}):
        with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
            StaffEvent.objects.filter(pk=event.pk).update(data=data)
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        StaffEvent.objects.filter(pk=event.pk).update(data={**event.data, "name": ""}, by=None)
    StaffEvent.objects.filter(pk=event.pk).update(data={**event.data, "name": ""})


@quick
def test_where_nothing_is_said_of_mail_no_file_keeps_the_address(here: Place, settings: LazySettings) -> None:
    folder = home() / "mail"
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = (
        "estime.people.mail_files.EmailBackend",
        str(folder),
    )
    people.mail_send("people/email/own_code", ADDRESS, "en", {"code": "ABCDEF"})
    people.mail_send("people/email/own_code", "ben@example.org", "en", {"code": "ABCDEF"})
    people.leave(User.objects.get(email=ADDRESS).pk)
    run()
    (kept,) = folder.glob("*.log")
    assert "ben@example.org" in kept.read_text()
