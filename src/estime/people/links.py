"""Addresses that stand in mails and terminals. They begin with `site.address` where it was told."""

from urllib.parse import urlsplit

from estime.kernel.configuration import configuration

LOCAL = "http://127.0.0.1:8000"


def public(url: str) -> str:
    """An address of this installation as people outside type it."""
    address = configuration().site.address
    if not address:
        return url
    parts = urlsplit(url)
    return address + parts.path + (f"?{parts.query}" if parts.query else "")


def invitation_path(secret: str, language: str) -> str:
    return f"/{language}/join/{secret}/"


def invitation_link(secret: str, language: str, here: str = "") -> str:
    """`here`: the address that the asker's browser uses, for where no `site.address` is told."""
    return (configuration().site.address or here or LOCAL) + invitation_path(secret, language)


def staff_link(secret: str, port: int) -> str:
    """The secret is the address's fragment, which no browser sends: no log of any server can hold it."""
    return f"http://127.0.0.1:{port}/staff-link/#{secret}"
