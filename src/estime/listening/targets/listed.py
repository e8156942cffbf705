"""Whom or what texts may be about, as an installation lists it. What it lists is a part of the reader's version."""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from estime.kernel.configuration import Brand, Configuration
from estime.kernel.names import folded, name_words

UNKNOWN: Final = 0
BRAND: Final = 1
PRODUCT: Final = 2
MEMBER: Final = 3
THIRD_PARTY: Final = 4
OURS: Final = (BRAND, PRODUCT)
KINDS: Final = {"brand": BRAND, "product": PRODUCT, "third_party": THIRD_PARTY}
LONGEST_KEY: Final = 48
_HANDLE: Final = re.compile(r"[\w.-]{2,64}")
_APART: Final = 1 << 62


@dataclass(frozen=True)
class Listed:
    """One target: any of `forms` names it, and any of `exact` where it is written just so."""

    kind: int
    name: str
    forms: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()

    @cached_property
    def key(self) -> str:
        """Its name as addresses and saved searches keep it."""
        return target_key(self.name)

    @cached_property
    def identity(self) -> int:
        """The number that readings keep: of its kind and name, wherever it stands in the list.

        62 bits of a digest and one bit above them, so that no place in a list is one, as readings once kept it.
        """
        digest = hashlib.sha256(f"{self.kind} {self.key}".encode()).digest()
        return int.from_bytes(digest[:8]) >> 2 | _APART


@dataclass(frozen=True)
class Targets:
    """All that is listed. While texts are read a target's number is its place, from 1 on; what is kept is its
    `identity`, so that whoever reorders the list changes nothing that was kept.

    `about`: channel and the number of what a text there is about when it names nothing. `handles`: the brand's own
    accounts (channel, handle), which people write to and mention.
    """

    listed: tuple[Listed, ...] = ()
    about: tuple[tuple[str, int], ...] = ()
    handles: tuple[tuple[str, str], ...] = ()

    @cached_property
    def digest(self) -> str:
        """Other targets have another one; "" where nothing is listed."""
        if not (self.listed or self.about or self.handles):
            return ""
        told = [[[t.kind, t.name, t.forms, t.exact] for t in self.listed], self.about, self.handles]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    @cached_property
    def identities(self) -> tuple[int, ...]:
        """What is kept for each number; 0 for 0, which is none."""
        return (0, *(target.identity for target in self.listed))

    @cached_property
    def by_identity(self) -> dict[int, Listed]:
        """Targets by what readings keep."""
        return {target.identity: target for target in self.listed}

    @cached_property
    def by_key(self) -> dict[tuple[int, str], Listed]:
        """Targets by kind and key."""
        return {(target.kind, target.key): target for target in self.listed}

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """The brand's handles as people mention them."""
        return frozenset("".join(name_words(h)) for _, h in self.handles if _HANDLE.fullmatch(h)) - {""}

    def only(self, kind: int) -> int:
        """The number of the one target of a kind; 0 if there are none or several."""
        found = [number for number, target in enumerate(self.listed, 1) if target.kind == kind]
        return found[0] if len(found) == 1 else 0


NOTHING: Final = Targets()


def targets_of(configuration: Configuration) -> Targets:
    """The targets of an installation. The brand's name counts as it is written, unless it is listed anyhow."""
    told = configuration.listening
    listed = [
        Listed(KINDS[t.kind], t.name, _forms(t.name, t.aliases, t.exact), t.exact) for t in told.targets
    ]
    known = {name_words(form) for target in listed for form in (*target.forms, *target.exact)}
    name = configuration.brand.name
    wanted = name != Brand().name or name in told.about.values()
    if wanted and len(folded(name)) > 2 and name_words(name) not in known | {()}:
        listed.append(Listed(BRAND, name, (), (name,)))
    numbers: dict[str, int] = {}
    for number, target in enumerate(listed, 1):
        if target.kind in OURS:
            numbers.setdefault(target.name, number)
    about = tuple(sorted((ch, numbers[name]) for ch, name in told.about.items() if name in numbers))
    handles = sorted({(account.channel, account.handle) for account in configuration.brand.accounts})
    return Targets(tuple(listed), about, tuple(handles))


def target_key(name: str) -> str:
    """A name as it is compared, its words joined by hyphens: `mon-savon`. A long one is cut and ends in a digest."""
    key = "-".join(name_words(name))
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"{key[: LONGEST_KEY - 9].rstrip('-')}-{digest}"


def _forms(name: str, aliases: tuple[str, ...], exact: tuple[str, ...]) -> tuple[str, ...]:
    """The forms that count however they are written."""
    strict = {name_words(form) for form in exact}
    return tuple(form for form in dict.fromkeys((name, *aliases)) if name_words(form) not in strict)


_KNOWN: list[tuple[Configuration, Targets]] = []


def targets_installed(configuration: Configuration) -> Targets:
    """The same, made once for a configuration: workers ask every minute."""
    if not _KNOWN or _KNOWN[0][0] is not configuration:
        _KNOWN[:] = [(configuration, targets_of(configuration))]
    return _KNOWN[0][1]
