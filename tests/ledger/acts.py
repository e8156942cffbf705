"""Acts for tests."""

from datetime import UTC, datetime, timedelta

from estime.ledger.drafts import ActDraft

START = datetime(2024, 3, 1, 12, tzinfo=UTC)


def act(number: int, **fields: object) -> ActDraft:
    """The act of this number; the same number is the same act."""
    told = {
        "source_id": f"a{number}",
        "actor": f"person-{number % 5}",
        "type": "Create",
        "published": START + timedelta(minutes=number),
        "object_id": f"o{number}",
        "object_type": "Note",
        "content": f"words {number}",
    }
    return ActDraft(**(told | fields))


def rows(*drafts: ActDraft) -> list[tuple[int, ActDraft]]:
    """Drafts with their line numbers."""
    return list(enumerate(drafts, start=1))
