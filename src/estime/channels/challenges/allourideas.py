"""A wiki survey of All Our Ideas: ideas of its makers and of visitors, and votes between two of them.

Two CSVs, as the site exports them: “…ideas.csv” and “…votes.csv”. A visitor is a session. Votes that the site marked as
not valid are left out, as its own scores leave them out.
"""

from datetime import UTC

from estime.channels.challenges.read import Line, Read, lines, name_of, refused, required, vote
from estime.channels.moments import moment_reader
from estime.channels.options import ReadOptions
from estime.channels.rows import Untranslatable
from estime.channels.source import Source
from estime.cocreation.api import About, Brings, Choosable, Chosen
from estime.cocreation.tally.formats.allourideas import files
from estime.ledger.drafts import ActDraft, Reject

_moment = moment_reader(None, UTC)


def read(source: Source, options: ReadOptions) -> Read:
    """From the folder of one survey, or either of its two files."""
    votes_path, ideas_path = files(source.path)
    held = Read(About("", name_of(votes_path), method="pairwise", parameters={"propose": False}))
    votes = Source(votes_path, options.encoding, None, source.meter)
    if ideas_path is not None:
        _ideas(Source(ideas_path, options.encoding, None, source.meter), held)
    else:
        held.notes.append("There is no file of ideas: only those are known that were voted on.")
    _votes(votes, held)
    return held


def _survey(line: Line, held: Read) -> str:
    """The number of the survey, the same on every row; what is said of the whole takes it over."""
    survey = required(line.get("wikisurvey_id"), "Wikisurvey ID")
    if not held.about.source:
        held.about = About(
            f"allourideas/{survey}",
            held.about.title,
            method=held.about.method,
            parameters=held.about.parameters,
        )
    if held.about.source != f"allourideas/{survey}":
        raise Untranslatable("bad-field", f"This row belongs to another survey, {survey[:40]}.")
    return held.about.source


def _ideas(source: Source, held: Read) -> None:
    for item in lines(source, ",", {"wikisurvey_id", "idea_id", "idea_text"}):
        if isinstance(item, Reject):
            held.rejects.append(item)
            continue
        number, line = item
        try:
            held.rows.append(_idea(number, line, _survey(line, held)))
        except Untranslatable as error:
            held.rejects.append(refused(number, error, line))


def _idea(number: int, line: Line, survey: str) -> Brings:
    name = f"{survey}/idea/{required(line['idea_id'], 'Idea ID')}"
    text = required(line["idea_text"], "Idea Text")
    at = _moment(required(line.get("created_at"), "Created at"))
    session = line.get("session_id", "")
    by = f"{survey}/{session}" if session else None
    act = ActDraft(name, by, "Create", at, name, "Note", None, survey, text) if by else None
    hidden = line.get("active", "").upper() == "FALSE"
    return Brings(
        number, Choosable(name, text, at, by, hidden), act, name=f"Participant {session}" if session else ""
    )


def _votes(source: Source, held: Read) -> None:
    known = {row.thing.source for row in held.rows if isinstance(row.thing, Choosable)}
    invalid = 0
    for item in lines(source, ",", {"wikisurvey_id", "vote_id", "session_id", "winner_id", "loser_id"}):
        if isinstance(item, Reject):
            held.rejects.append(item)
            continue
        number, line = item
        try:
            survey = _survey(line, held)
            if line.get("valid", "").upper() == "FALSE":
                invalid += 1
                continue
            held.rows.append(_vote(number, line, survey))
            held.rows += _unlisted(line, survey, known)
        except Untranslatable as error:
            held.rejects.append(refused(number, error, line))
    if invalid:
        held.notes.append(f"{invalid:,} votes were marked as not valid, and are left out.")


def _vote(number: int, line: Line, survey: str) -> Brings:
    session = required(line["session_id"], "Session ID")
    winner, loser = (required(line[f"{which}_id"], f"{which} ID") for which in ("winner", "loser"))
    if winner == loser:
        raise Untranslatable("bad-field", "Both ideas of this vote are the same.")
    at = _moment(required(line.get("created_at"), "Created at"))
    chosen = Chosen(f"{survey}/{session}", (f"{survey}/idea/{winner}", f"{survey}/idea/{loser}"), -1, at)
    source = f"{survey}/vote/{required(line['vote_id'], 'Vote ID')}"
    return vote(survey, number, chosen, source, f"Participant {session}")


def _unlisted(line: Line, survey: str, known: set[str]) -> list[Brings]:
    """Ideas that the file of ideas does not have; their texts stand with the vote."""
    found = []
    for which in ("winner", "loser"):
        name = f"{survey}/idea/{line[f'{which}_id']}"
        if name not in known:
            known.add(name)
            found.append(Brings(0, Choosable(name, line.get(f"{which}_text", ""), None)))
    return found
