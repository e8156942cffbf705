"""ESTIME_MAIL_URL as Django's settings. Nothing of Django is loaded here: settings are being made.

smtp://user:password@host:587     STARTTLS, refused if the server does not offer it
smtps://user:password@host:465    TLS from the first byte
smtp://host:25?tls=off            nothing encrypted: for a relay on this machine or behind the same wall
console:                          printed to the terminal of the server
file:///folder                    one file for each mail; the default, in `mail` below ESTIME_HOME
"""

from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from estime.kernel.configuration import BadConfiguration

BACKENDS: Final = "django.core.mail.backends"
FILES: Final = "estime.people.mail_files.EmailBackend"
PORTS: Final = {"smtp": 587, "smtps": 465}
TODO: Final = (
    "Write smtp://user:password@host:587, smtps://…:465, console: or file:///folder (docs/settings.md)."
)


def mail_settings(url: str, folder: Path) -> dict[str, Any]:
    """EMAIL_… settings. Raises `BadConfiguration`; its message holds no part of the URL but the scheme."""
    if not url:
        return {"EMAIL_BACKEND": FILES, "EMAIL_FILE_PATH": str(folder)}
    scheme = url.partition(":")[0]
    if scheme == "console":
        return {"EMAIL_BACKEND": f"{BACKENDS}.console.EmailBackend"}
    try:
        parts = urlsplit(url)
        port, options = parts.port, dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise _bad(scheme) from error
    if scheme == "file" and parts.path:
        return {"EMAIL_BACKEND": FILES, "EMAIL_FILE_PATH": parts.path}
    tls = options.pop("tls", "on")
    if scheme not in PORTS or not parts.hostname or options or tls not in ("on", "off"):
        raise _bad(scheme)
    if scheme == "smtps" and tls == "off":
        raise _bad(scheme)
    return {
        "EMAIL_BACKEND": f"{BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (25 if tls == "off" else PORTS[scheme]),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": scheme == "smtps",
        "EMAIL_USE_TLS": scheme == "smtp" and tls == "on",
    }


def _bad(scheme: str) -> BadConfiguration:
    return BadConfiguration(
        f"ESTIME_MAIL_URL cannot be understood (it begins with “{scheme[:20]}”).", todo=TODO
    )
