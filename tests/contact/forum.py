"""A small forum for the tests of contact: who says what when, and what the brand's accounts are."""

from datetime import timedelta
from pathlib import Path

from estime.contact import api as contact
from estime.contact.models import Question
from estime.kernel import clock
from estime.ledger import api as ledger
from estime.ledger.drafts import ActDraft
from estime.ledger.models import Act
from estime.people.models import User

START = (clock.now() - timedelta(days=20)).replace(minute=0, second=0, microsecond=0)
BRAND = "team"


def brand(home: Path, *channels: str, more: str = "") -> None:
    """Tell the installation that `team` is the brand on these channels."""
    accounts = ", ".join(f'{{ channel = "{channel}", handle = "{BRAND}" }}' for channel in channels)
    home.mkdir(mode=0o700, exist_ok=True)
    (home / "secret").write_text("5e" * 32)
    (home / "estime.toml").write_text(f"[brand]\naccounts = [{accounts}]\n{more}")


def said(name: str, who: str, text: str, hours: float = 0, **fields: object) -> ActDraft:
    """A post of this name. The same name is the same act."""
    told: dict[str, object] = {
        "source_id": name,
        "actor": who,
        "type": "Create",
        "published": START + timedelta(hours=hours),
        "object_id": name,
        "object_type": "Note",
        "content": text,
    }
    return ActDraft(**(told | fields))  # type: ignore[arg-type]


def took_back(name: str, who: str, what: str, kind: str = "Undo", hours: float = 50) -> ActDraft:
    """An Undo of an act, or a Delete of an object."""
    return ActDraft(name, who, kind, START + timedelta(hours=hours), object_id=what)


def came_in(*acts: ActDraft, channel: str = "forum", kind: str = "csv", look: bool = True) -> None:
    """Acts come into the ledger, and are looked at."""
    ledger.channel_ensure(channel)
    _format(channel, kind)
    appended = ledger.append(channel, list(enumerate(acts, 1)), now=START + timedelta(days=400))
    assert not appended.rejects, appended.rejects
    if look:
        contact.watch()


def _format(channel: str, kind: str) -> None:
    from estime.ledger.models import Channel

    Channel.objects.filter(name=channel).update(format=kind)


def asked(name: str) -> Question:
    """The question that this act asks."""
    return Question.objects.get(pk=Act.objects.get(source_id=name).pk)


def whys() -> dict[str, str]:
    """By which rule each asking act asks the brand, "" for by none."""
    named = dict(Act.objects.values_list("pk", "source_id"))
    return {named[pk]: why for pk, why in Question.objects.values_list("act", "why")}


def owed() -> set[str]:
    """The acts to which an answer is owed."""
    named = dict(Act.objects.values_list("pk", "source_id"))
    return {named[pk] for pk in Question.objects.filter(owed=True).values_list("pk", flat=True)}


def staff(name: str, role: str = "lead") -> User:
    """A colleague."""
    return User.objects.create_user(f"{name}@example.org", "x", name=name.title(), role=role)
