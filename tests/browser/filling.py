"""Fills the installation of the browser tests, as a program of its own, and tells what is where as JSON.

What comes in does so as in life: samples and a forum through imports, figures by a refresh, questions by the watch.
Only sessions are made here that somebody else would have made by signing in: `visitors` are their cookies.
"""

import hashlib
import json
import time
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY as RECORDS_OF
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.account.internal.userkit import user_id_to_str
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from browser.filling_cocreation import filled
from browser.filling_words import PASSWORD, TOTP_SECRET
from browser.forum import refused, rows, table
from estime.channels import api as channels
from estime.cli.commands.refresh import run_refresh
from estime.contact import api as contact
from estime.contact.models import Question
from estime.jobs import api as jobs
from estime.jobs.models import Job
from estime.kernel import clock
from estime.kernel.home import home
from estime.ledger import api as ledger
from estime.ledger.models import Account, Act
from estime.people import api as people
from estime.people.models import User
from estime.people.tokens import token_make

SAMPLES: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("houston-slack", "Houston data community (Slack)", "slack/houston_slack.jsonl", "slack", {}),
    ("page-porsche", "Porsche (Facebook page)", "brandpages/porsche_facebook_statuses.csv", "insights",
     {"timezone": "-05:00", "account": "porsche"}),
)  # fmt: skip
ROLES = {
    "administrator": "Camille",
    "lead": "Malo",
    "analyst": "Théo",
    "representative": "Inès",
    "member": "Lise",
}
DOERS = {
    "paul": "lead", "cleo": "lead", "anouk": "lead", "hana": "lead", "sol": "lead", "uma": "lead", "remi": "lead",
    "seth": "administrator", "ivo": "administrator", "toni": "lead", "abel": "lead", "pia": "administrator",
    "tess": "lead", "rosa": "lead", "busy": "lead", "fresh-fr": "lead", "fresh-en": "lead",
}  # fmt: skip
"""Who does one thing each, so that no test stands in another's way."""


def came_in() -> dict[str, str]:
    """Samples, the forum, and a second file of the forum whose rows are refused; then all that a refresh does."""
    folder = files("estime.cli").joinpath("samples")
    for channel, title, path, form, options in SAMPLES:
        read = channels.ReadOptions(**options)
        channels.import_path(Path(str(folder / path)), channel=channel, format=form, options=read)
        ledger.channel_ensure(channel, title=title, attribution="Shipped with Estime; see NOTICE.")
    here = home() / "files"
    here.mkdir()
    found = {}
    for name, lines in (("forum.csv", rows()), ("late.csv", refused()), ("mend.csv", refused()[:2])):
        (here / name).write_text(table(lines))
        done = channels.import_path(here / name, channel="forum" if name != "mend.csv" else "avis")
        found[name] = str(done.id)
    ledger.channel_ensure("forum", title="The forum")
    run_refresh()
    return found


def login(name: str, role: str, hashed: str) -> User:
    user = people.login_make(f"{name}@example.org", role, people.Profile(ROLES.get(name) or name.title()))
    User.objects.filter(pk=user.pk).update(password=hashed)
    user.refresh_from_db()
    return user


def session(client: Client, **more: Any) -> str:
    held: SessionBase = client.session
    for name, value in more.items():
        held[name] = value
    held.save()
    return str(held.session_key)


def signed_in(user: User) -> str:
    """A session that has just given its password, and has an hour of its own before it is asked again."""
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0")
    client.force_login(user)
    method = {"method": "password", "at": time.time() + 3600, "email": user.email, "reauthenticated": True}
    return session(client, **{RECORDS: [method], RECORDS_OF: user_id_to_str(user)})


def confirming(user: User) -> str:
    """The session of somebody who has given another address, and is asked for the code that was sent there."""
    key = signed_in(user)
    client = Client(REMOTE_ADDR="127.0.0.9", HTTP_HOST="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    answer = client.post("/en/account/email/", {"email": f"new-{user.email}", "action_add": ""})
    assert answer.headers["Location"] == "/en/account/confirm-email/", answer.headers
    return key


def half_way(path: str, **told: str) -> str:
    """The session of somebody who has sent a form of sign-in, or opened a link, and is asked for more."""
    client = Client(REMOTE_ADDR="127.0.0.9", HTTP_HOST="localhost")
    answer = client.post(path, told) if told else client.get(path)
    assert answer.status_code == 302, (path, answer.status_code, answer.content[:2000])
    return str(client.session.session_key)


def with_passkey(user: User) -> int:
    """A passkey as a device would have made it; nobody holds its key."""
    key = ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    held = AttestedCredentialData.create(Aaguid.NONE, b"laptop", key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    told = AuthenticatorData.create(hashlib.sha256(b"localhost").digest(), flags, 0, held)
    response = {
        "clientDataJSON": websafe_encode(b'{"type": "webauthn.create", "challenge": "", "origin": ""}'),
        "attestationObject": websafe_encode(AttestationObject.create("none", told, {})),
    }
    shown = {"id": websafe_encode(b"laptop"), "rawId": websafe_encode(b"laptop"), "type": "public-key",
             "response": response, "clientExtensionResults": {"credProps": {"rk": True}}}  # fmt: skip
    return int(WebAuthn.add(user, "My laptop", shown).instance.pk)


def invited(email: str, by: User) -> dict[str, str]:
    made = people.invite(email, "analyst", by, email)
    client = Client()
    return {
        "visitor": session(client, invitation=people.digest_of(made.secret)),
        "secret": made.secret,
        "pk": str(made.invitation.pk),
    }


def owed_jobs(by: User) -> dict[str, str]:
    """One job that failed, one that is done, one that waits a long time."""
    ids = [
        jobs.enqueue("import", {"upload": "0190f3c4-0000-7000-8000-000000000000"}, by=by.pk) for _ in range(3)
    ]
    now, words = clock.now(), dict.fromkeys(("en", "fr"), "This file is not kept here any more.")
    Job.objects.filter(pk=ids[0]).update(
        status="failed", started=now, finished=now, attempts=6, error="upload-gone", message=words, todo=words
    )
    Job.objects.filter(pk=ids[1]).update(status="done", started=now, finished=now, attempts=1)
    Job.objects.filter(pk=ids[2]).update(due=now.replace(year=now.year + 1))
    return dict(zip(("failed", "done", "waiting"), map(str, ids), strict=True))


def upload_of(user: User) -> str:
    """A file that was looked into, and waits to be imported."""
    data = table(rows()[:5] + refused()).encode()
    arriving = channels.Incoming("avis.csv", 1 << 20)
    arriving.write(data)
    kept = channels.upload_keep(arriving.finish(), "avis.csv", user.pk)
    kept = channels.upload_options(kept, {"channel": "forum"})
    channels.preview_job({"upload": str(kept.pk), "options": kept.options}, lambda done, total: None)
    return str(kept.pk)


def settled(lead: User, colleague: User) -> dict[str, str]:
    """Questions in each state: owed, said to be answered, with nothing owed, handed over."""
    named = dict(Act.objects.filter(source_id__startswith="q").values_list("source_id", "pk"))
    found = {
        name: Question.objects.get(pk=pk) for name, pk in named.items() if Question.objects.filter(pk=pk)
    }

    def doing(name: str) -> contact.Doing:
        asked = Question.objects.get(pk=found[name].pk)
        return contact.Doing(asked.pk, asked.version, lead)

    contact.answer_write(doing("q1"), "Yes, it does.")
    contact.answer_said(doing("q1"))
    contact.waive(doing("q2"), next(iter(contact.REASONS)), "Said elsewhere.")
    contact.hand_over(doing("q3"), colleague.pk, "You know prices.")
    return {name: str(asked.pk) for name, asked in found.items()}


def main() -> None:
    imports = came_in()
    hashed = make_password(PASSWORD)
    staff = {
        name: login(name, role, hashed) for name, role in [*((role, role) for role in ROLES), *DOERS.items()]
    }
    admin, lead = staff["administrator"], staff["lead"]
    for name in ("toni", "administrator"):
        TOTP.activate(staff[name], TOTP_SECRET)
    for name in ("fresh-fr", "fresh-en", "toni"):
        recovery = RecoveryCodes.activate(staff[name]).get_unused_codes()[0]
    questions, uploads = (
        settled(lead, admin),
        {name: upload_of(staff[name]) for name in ("administrator", "uma")},
    )
    made = owed_jobs(admin)
    account = Account.objects.get(handle="anna", channel__name="forum").pk
    people.look_record(lead, account, "person")
    token_make(admin, "shop", ["acts:write"])
    invitations = {name: invited(f"{name}@example.com", admin) for name in ("nora", "mira", "joris")}
    member_invited = people.invite(staff["member"].email, "lead", admin, "member")
    staff["tess"].set_unusable_password()
    staff["tess"].save()
    visitors = {name: signed_in(user) for name, user in staff.items()}
    visitors |= {
        "invited": invitations["nora"]["visitor"],
        "confirming": confirming(staff["tess"]),
        "code": half_way("/en/account/login/code/", email="cleo@example.org"),
        "resetting": half_way(people.password_path(staff["remi"])),
        "second": half_way("/en/account/login/", login="toni@example.org", password=PASSWORD),
    }
    client = Client()
    client.force_login(staff["member"])
    visitors["toni-seen"] = signed_in(staff["toni"])
    by_code = Client()
    by_code.force_login(staff["tess"])
    visitors["without-password"] = session(by_code)
    visitors["member-invited"] = session(client, invitation=people.digest_of(member_invited.secret))
    refused_place = {name: next(iter(places(imports[name]))) for name in ("late.csv", "mend.csv")}
    EmailAddress.objects.create(user=staff["tess"], email="tess@example.com", verified=False)
    told = {
        "cookie": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME, "visitors": visitors,
        "imports": imports, "places": refused_place, "questions": questions, "uploads": uploads, "jobs": made,
        "account": account, "act": str(Act.objects.get(source_id="q0").id), "invitations": invitations,
        "people": {name: user.pk for name, user in staff.items()},
        "passkey": with_passkey(admin), "reset": people.password_path(staff["remi"]).split("/")[-2].split("-")[0],
        "recovery": recovery,
        "staff_link": people.staff_link_make(staff["abel"]),
        **filled(staff),
    }  # fmt: skip
    print(json.dumps(told))


def places(import_id: str) -> list[int]:
    record = channels.import_find(UUID(import_id))
    assert record is not None
    return [row.place for row in channels.refused_page(record, channels.codes_of(record)[0].code, 0, 5).rows]
