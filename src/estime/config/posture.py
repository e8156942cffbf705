"""How this installation is run, and what follows for Django: hosts, cookies, proxies, languages. Pure; no Django.

Whoever cannot read estime.toml must not fall back to the loose side: an unreadable configuration is taken for
production.
"""

from collections.abc import Mapping
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from estime.kernel.configuration import BadConfiguration, Site, configuration

LOOPBACK: Final = ("127.0.0.0/8", "::1/128")
LANGUAGES: Final = {"fr": "Français", "en": "English"}
FALLBACK: Final = "en"
"""Shown when the browser wants none of our languages, unless `site.languages` says which comes first."""


class Posture:
    """What `[site]` of estime.toml and the environment say together."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environ = environment
        try:
            self.site, self.readable = configuration().site, True
        except BadConfiguration:  # said by whatever needs the file
            self.site, self.readable = Site(), False

    @property
    def production(self) -> bool:
        """Whether the safe side is taken."""
        return self.site.mode == "production" or not self.readable

    @property
    def address(self) -> str:
        """The address that people type, or ""."""
        return self.site.address

    @property
    def place(self) -> str:
        """Host of the address, with its port where it has one."""
        return urlsplit(self.address).netloc

    @property
    def hosts(self) -> list[str]:
        """Names that pages may be asked by. In production the address's own; elsewhere this machine's."""
        named = [name.strip() for name in self._environ.get("ESTIME_HOSTS", "").split(",") if name.strip()]
        if not self.production:
            return named or ["127.0.0.1", "localhost"]
        own = urlsplit(self.address).hostname
        own = f"[{own}]" if own and ":" in own else own
        return [*([own] if own else []), *named]

    @cached_property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Who may say for whom they ask and over which protocol. Raises `BadConfiguration`."""
        told = self._environ.get("ESTIME_PROXY", "").strip()
        if told in ("", "0"):
            return ()
        names = LOOPBACK if told == "1" else [name.strip() for name in told.split(",")]
        try:
            return tuple(ip_network(name) for name in names)
        except ValueError as error:
            raise BadConfiguration(
                f"ESTIME_PROXY cannot be understood: {error}.",
                todo="Write 1 for a proxy on this machine, or its addresses and networks, with commas.",
            ) from error

    @property
    def languages(self) -> list[tuple[str, str]]:
        """The languages of the pages, in the order they are offered."""
        return [(code, LANGUAGES[code]) for code in self.site.languages]

    @property
    def language(self) -> str:
        """What is shown when the browser wants none of them."""
        if "languages" in self.site.model_fields_set:
            return self.site.languages[0]
        return FALLBACK

    def cookie(self, name: str) -> str:
        """A cookie's name. `__Host-` binds it to this host over TLS: no neighbour and no http page can set it."""
        return f"__Host-{name}" if self.production else name


def from_file(environment: Mapping[str, str], name: str) -> str:
    """A setting given outright, or as `NAME_FILE`, the file that holds it (secrets of containers and systemd).

    Raises `BadConfiguration` if the file cannot be read, or both are given and nobody knows which is meant.
    """
    value, file = environment.get(name, ""), environment.get(f"{name}_FILE", "")
    if not file:
        return value
    if value:
        raise BadConfiguration(f"{name} and {name}_FILE are both set.", todo="Leave one of them out.")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        told = error.strerror if isinstance(error, OSError) else "it is no text"
        raise BadConfiguration(
            f"The file that {name}_FILE names cannot be read: {told}.",
            todo="Check the path, and that the user who runs Estime may read it.",
        ) from error
