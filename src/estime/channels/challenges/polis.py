"""A Polis conversation as a vote on statements. Its acts are those of `estime import --as polis`, of the same names."""

import csv
import io
from dataclasses import dataclass

from estime.channels.challenges.read import Read
from estime.channels.errors import DocumentInvalid
from estime.channels.formats.polis import reader as polis
from estime.channels.options import ReadOptions
from estime.channels.source import Source
from estime.cocreation.api import About, Brings, Choosable, Chosen
from estime.ledger.drafts import ActDraft, ObservationDraft, Reject

REMOVED = -1
"""`moderated` of a statement that the conversation's moderators took out."""


@dataclass(frozen=True)
class _Said:
    topic: str = ""
    description: str = ""


def read(source: Source, options: ReadOptions) -> Read:
    """Statements are options; the last vote of each participant on each statement counts, as Polis has it."""
    files, _summary, conversation = polis.told(source)
    said = _told(source.entry(files["summary.csv"])) if "summary.csv" in files else _Said()
    held = Read(About(conversation, said.topic or conversation, said.description, method="groups", lang=""))
    known: set[str] = set()
    for row in polis.read(source, options):
        if isinstance(row, Reject):
            held.rejects.append(row)
        elif isinstance(row[1], ObservationDraft):
            held.rows.append(Brings(row[0], None, None, row[1]))
        else:
            held.rows.append(_brought(row[0], row[1], known))
    held.rows += [Brings(0, Choosable(name, name.rpartition("/")[2], None)) for name in _unsaid(held, known)]
    return held


def _brought(line: int, act: ActDraft, known: set[str]) -> Brings:
    person, _, number = (act.actor or "").rpartition("/")
    name = f"Participant {number}" if person else ""
    if act.type == "Create" and act.object_type == "Note":
        moderated = (act.extra or {}).get("moderated")
        known.add(str(act.object_id))
        statement = Choosable(
            str(act.object_id), act.content or "", act.published, act.actor, hidden=moderated == REMOVED
        )
        return Brings(line, statement, act, name=name)
    if act.type == "Create" and act.actor:
        chosen = Chosen(act.actor, (str(act.in_reply_to),), int(act.value or 0), act.published)
        return Brings(line, chosen, act, name=name)
    return Brings(line, None, act, name=name)  # an earlier vote, taken back: the next one stands


def _unsaid(held: Read, known: set[str]) -> list[str]:
    """Statements that were voted on and that comments.csv does not have."""
    voted = {row.thing.of[0] for row in held.rows if isinstance(row.thing, Chosen)}
    return sorted(voted - known)


def _told(source: Source) -> _Said:
    """Topic and description; the description may go over several lines."""
    texts = [item[1] for item in source.text_lines() if not isinstance(item, Reject)]
    rows = csv.reader(io.StringIO("\n".join(texts), newline=None))
    try:
        found = {row[0].strip(): ",".join(row[1:]).strip() for row in rows if row}
    except csv.Error as error:  # a cell of more than 128 KiB
        raise DocumentInvalid(
            f"“{source.name}” is no table of a conversation's topic and description: {error}.",
            todo="Check that it is whole and has not been edited; export it again if in doubt.",
        ) from error
    return _Said(found.get("topic", ""), found.get("conversation-description", ""))
