"""What stands against running this installation for everybody: every reason at once, each with what to do.

`estime serve` refuses to start in production while one of them holds, and `estime doctor` lists them. The
installation itself is looked at, not a switch: a demo whose mode is set to "production" still holds its samples,
and its ledger never lets them go.
"""

import stat
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from estime.channels import api as channels
from estime.cocreation import api as cocreation
from estime.kernel.configuration import configuration
from estime.kernel.errors import EstimeError
from estime.kernel.home import home
from estime.ledger import api as ledger
from estime.people.guards import guards_missing
from estime.people.models import User
from estime.people.roles import Role

SECRET_BYTES: Final = 32
DISTINCT_BYTES: Final = 12
"""Of 32 random bytes, 28 to 32 differ; fewer than 12 never happen by chance."""

SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"


class Unsafe(EstimeError):
    """Production refuses to start: what is unsafe, each with what to do."""

    code = "unsafe-production"


class Reason(NamedTuple):
    """One thing that stands against production."""

    code: str
    what: str
    todo: str


def check_production() -> None:
    """Nothing outside of production mode; there, raises `Unsafe` with every reason. Needs Django set up."""
    if configuration().site.mode == "production":
        refuse(reasons())


def refuse(found: list[Reason]) -> None:
    """Raises `Unsafe` if there is any reason."""
    if not found:
        return
    told = "\n".join(f"- {reason.what}\n  → {reason.todo}" for reason in found)
    count = "1 thing is" if len(found) == 1 else f"{len(found)} things are"
    raise Unsafe(
        f"Production does not start: {count} unsafe.",
        todo=told,
        reasons=[reason._asdict() for reason in found],
    )


def reasons() -> list[Reason]:
    """Everything that stands against production now, whatever the mode; empty when it is safe."""
    return [reason for look in LOOKS for reason in look()]


def _debug() -> Iterator[Reason]:
    if settings.DEBUG:
        yield Reason(
            "debug", "ESTIME_DEBUG=1 shows the insides of errors to everybody.", "Unset ESTIME_DEBUG."
        )


def _address() -> Iterator[Reason]:
    address = configuration().site.address
    if not address:
        yield Reason(
            "address",
            "Nobody said at which address people reach the pages.",
            'Set site.address in estime.toml, such as "https://estime.example.org".',
        )
    elif urlsplit(address).scheme != "https":
        yield Reason(
            "address",
            f"The address {address} is not encrypted: passwords would be sent in clear.",
            "Put a proxy with TLS in front (docs/running.md), and let site.address begin with https://.",
        )


def _hosts() -> Iterator[Reason]:
    allowed = [host.lower() for host in settings.ALLOWED_HOSTS]
    if any(host == "*" or host.startswith(".") for host in allowed):
        yield Reason(
            "hosts",
            "ESTIME_HOSTS lets the pages be asked by any name, so links in mails could be forged.",
            "Name each host in ESTIME_HOSTS, or unset it: the host of site.address is allowed by itself.",
        )
    own = urlsplit(configuration().site.address).hostname
    if own and not any(host in (own, f"[{own}]", "*") for host in allowed):
        yield Reason(
            "hosts",
            f"The pages may not be asked by their own name, {own}.",
            "Start again: the host of site.address is read when Estime starts.",
        )


def _proxy() -> Iterator[Reason]:
    if not settings.ESTIME_PROXIES:
        yield Reason(
            "proxy",
            "Nobody said which proxy speaks TLS for Estime, so every request looks unencrypted.",
            "Set ESTIME_PROXY=1 if the proxy is on this machine, else to its address (docs/running.md).",
        )
    if any(network.prefixlen == 0 for network in settings.ESTIME_PROXIES):
        yield Reason(
            "proxy",
            "ESTIME_PROXY trusts everybody, so anybody could say who they are.",
            "Name the proxy's own address or network in ESTIME_PROXY.",
        )


def _secret() -> Iterator[Reason]:
    path = home() / "secret"
    restore = "Put the file `secret` back from a backup."
    try:
        value, mode = bytes.fromhex(path.read_text().strip()), path.stat().st_mode
    except (OSError, ValueError):
        yield Reason("secret", f"The secret {path} cannot be read.", restore)
        return
    if len(value) != SECRET_BYTES or len(set(value)) < DISTINCT_BYTES:
        yield Reason(
            "secret",
            "The secret was not made by Estime and can be guessed: whoever guesses it can sign in as anybody.",
            "Make a new installation with `estime init`, and bring the ledger over by `estime export`.",
        )
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Reason("secret", "Other users of this machine may read the secret.", f"Run `chmod 600 {path}`.")


def _folder() -> Iterator[Reason]:
    folder = home()
    if folder.is_dir() and folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Reason(
            "folder", f"Other users of this machine may enter {folder}.", f"Run `chmod 700 {folder}`."
        )
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and not Path(str(database["NAME"])).is_relative_to(folder):
        yield Reason("folder", "The database file is outside ESTIME_HOME.", "Move it into ESTIME_HOME.")


def _mail() -> Iterator[Reason]:
    if settings.EMAIL_BACKEND != SMTP or not settings.EMAIL_HOST:
        yield Reason(
            "mail",
            "No mail can be sent, so nobody could get a sign-in code, reset a password or be invited.",
            "Set ESTIME_MAIL_URL to your mail server (docs/settings.md).",
        )


def _administrators() -> Iterator[Reason]:
    there = list(User.objects.filter(is_active=True, role=Role.ADMINISTRATOR))
    if not there:
        yield Reason(
            "administrator",
            "There is no administrator, so nobody could invite anybody or change settings.",
            "Run `estime init --admin you@example.org` again.",
        )
    elif not any(_can_sign_in(user) for user in there):
        yield Reason(
            "administrator",
            "No administrator can sign in: none has a password, a passkey or a confirmed address.",
            "Run `estime staff-link --password`: the link lets them choose a password.",
        )
    made_up = [user for user in User.objects.filter(is_active=True) if _made_up(user.email)]
    if made_up:
        yield Reason(
            "demo-people",
            f"{len(made_up)} logins of the demo or of a test are active.",
            "Make a new installation with `estime init`: a demo is not for real people.",
        )


def _can_sign_in(user: User) -> bool:
    """By password, passkey, a code sent to a confirmed address, or a provider."""
    return bool(
        user.has_usable_password()
        or Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()
        or EmailAddress.objects.filter(user=user, verified=True).exists()
        or SocialAccount.objects.filter(user=user).exists()
    )


def _made_up(email: str) -> bool:
    """An address that can never be anybody's: RFC 2606 and RFC 6761 keep these names for examples and tests."""
    labels = email.rpartition("@")[2].lower().split(".")
    return labels[-1] in ("invalid", "test", "localhost", "example") or labels[-2:-1] == ["example"]


def _samples() -> Iterator[Reason]:
    told = {(channel.name, channel.attribution) for channel in ledger.channels()}
    brought = channels.completed_imports()
    found = [
        sample["channel"]
        for sample in samples()
        if (sample["channel"], sample["attribution"]) in told
        or (sample["channel"], Path(sample["path"]).name) in brought
    ]
    if found:
        yield Reason(
            "samples",
            f"The ledger holds the demo's samples ({', '.join(sorted(found)[:3])}), and a ledger forgets nothing.",
            "Make a new installation: another ESTIME_HOME (and database), then `estime init`.",
        )


@cache
def samples() -> list[dict[str, str]]:
    """What the demo brings in: channel, file and attribution of each sample."""
    manifest = tomllib.loads(files("estime.cli").joinpath("samples/manifest.toml").read_text("utf-8"))
    return list(manifest["samples"])


def _guards() -> Iterator[Reason]:
    if missing := ledger.missing_guards() | guards_missing() | cocreation.guards_missing():
        yield Reason(
            "guards",
            f"{len(missing)} guards of the database are missing, so what was done could be changed.",
            "Run `estime init`: it puts the guards back.",
        )


LOOKS: Final[tuple[Callable[[], Iterator[Reason]], ...]] = (
    _debug, _address, _hosts, _proxy, _secret, _folder, _mail, _administrators, _samples, _guards,
)  # fmt: skip
