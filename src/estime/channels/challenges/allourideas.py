"""A wiki survey of All Our Ideas: ideas of its makers and of visitors, and votes between two of them.

Two CSVs, as the site exports them: “…ideas.csv” and “…votes.csv”, and a third where somebody asked for it,
“…nonvotes.csv”: who could not decide, and pairs that were shown and not answered. A visitor is a session. Votes that
the site marked as not valid are left out, as its own scores leave them out.
"""

from datetime import UTC
from pathlib import PurePath
from typing import NamedTuple

from estime.channels.challenges.read import Line, Read, lines, name_of, refused, required, vote
from estime.channels.errors import DocumentInvalid
from estime.channels.moments import moment_reader
from estime.channels.options import ReadOptions
from estime.channels.rows import Untranslatable
from estime.channels.source import Source
from estime.cocreation.api import About, Brings, Choosable, Chosen
from estime.ledger.drafts import ActDraft, Reject

_moment = moment_reader(None, UTC)


class Files(NamedTuple):
    """The files of one survey."""

    votes: Source
    ideas: Source | None
    undecided: Source | None


def read(source: Source, options: ReadOptions) -> Read:
    """From the folder (or zip) of one survey, or one of its files, with those that lie beside it."""
    files = _files(source)
    held = Read(
        About("", name_of(PurePath(files.votes.name)), method="pairwise", parameters={"propose": False})
    )
    if files.ideas is not None:
        _ideas(files.ideas, held)
    else:
        held.notes.append("There is no file of ideas: only those are known that were voted on.")
    _votes(files.votes, held)
    if files.undecided is not None:
        _undecided(files.undecided, held)
    return held


def _files(source: Source) -> Files:
    """Raises `DocumentInvalid` where there is no file of votes, or several."""
    if source.is_folder:
        there = {name: source.entry(name) for name in source.entries()}
        begins = ""
    else:
        folder = source.path.parent
        there = {
            path.name: Source(path, source.encoding, None, source.meter)
            for path in folder.iterdir()
            if path.is_file()
        }
        begins = _survey_of(source.path.name)
    found: dict[str, list[Source]] = {"votes": [], "ideas": [], "undecided": []}
    for name, file in sorted(there.items()):
        if (kind := _kind(name)) and (not begins or _survey_of(name) == begins):
            found[kind].append(file)
    own = "" if source.is_folder else _kind(source.path.name) or "unnamed"
    if own == "votes" or (own == "unnamed" and not found["votes"]):
        found["votes"] = [source]
    if len(found["votes"]) != 1 or len(found["ideas"]) > 1 or len(found["undecided"]) > 1:
        many = len(found["votes"])
        raise DocumentInvalid(
            f"“{source.name}” holds {many} files of votes."
            if many
            else f"“{source.name}” has no file of votes.",
            todo="Give the path of the file of votes of one survey; its name ends in votes.csv.",
        )
    first = {kind: files[0] if files else None for kind, files in found.items()}
    return Files(found["votes"][0], first["ideas"], first["undecided"])


def _kind(name: str) -> str:
    """What a file is, by the end of its name: “wikisurvey_12_votes_2017.csv”."""
    plain = name.rpartition("/")[2].casefold().replace("_", "")
    if not plain.endswith((".csv", ".csv.gz")) or "participants" in plain:
        return ""
    ends = (("nonvotes", "undecided"), ("votes", "votes"), ("ideas", "ideas"))
    return next((kind for word, kind in ends if word in plain), "")


def _survey_of(name: str) -> str:
    """What the files of one survey have in common."""
    plain = (
        name.casefold().replace("non_votes", "votes").replace("nonvotes", "votes").replace("ideas", "votes")
    )
    return plain.removesuffix(".gz")


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
        were = "vote was" if invalid == 1 else "votes were"
        held.notes.append(f"{invalid:,} {were} marked as not valid, and left out.")


def _vote(number: int, line: Line, survey: str) -> Brings:
    session = required(line["session_id"], "Session ID")
    winner, loser = (required(line[f"{which}_id"], f"{which} ID") for which in ("winner", "loser"))
    if winner == loser:
        raise Untranslatable("bad-field", "Both ideas of this vote are the same.")
    at = _moment(required(line.get("created_at"), "Created at"))
    chosen = Chosen(f"{survey}/{session}", (f"{survey}/idea/{winner}", f"{survey}/idea/{loser}"), -1, at)
    source = f"{survey}/vote/{required(line['vote_id'], 'Vote ID')}"
    return vote(survey, number, chosen, source, f"Participant {session}")


def _undecided(source: Source, held: Read) -> None:
    """“I can't decide” is an answer about a pair, the last one of a session like any other."""
    known = {row.thing.source for row in held.rows if isinstance(row.thing, Choosable)}
    needed = {"record_type", "session_id", "left_choice_id", "right_choice_id", "created_at"}
    for item in lines(source, ",", needed):
        if isinstance(item, Reject):
            held.rejects.append(item)
            continue
        number, line = item
        if line["record_type"].strip().casefold() != "skip" or line.get("valid", "").upper() == "FALSE":
            continue  # a pair that was shown and not answered
        try:
            of_survey = {**line, "wikisurvey_id": line.get("wikisurvey_id") or line.get("question_id", "")}
            survey = _survey(of_survey, held)
            held.rows.append(_skip(number, line, survey))
            held.rows += _unlisted(line, survey, known, ("left_choice", "right_choice"))
        except Untranslatable as error:
            held.rejects.append(refused(number, error, line))


def _skip(number: int, line: Line, survey: str) -> Brings:
    session = required(line["session_id"], "Session ID")
    left, right = (required(line[f"{which}_choice_id"], f"{which} Choice ID") for which in ("left", "right"))
    if left == right:
        raise Untranslatable("bad-field", "Both ideas of this pair are the same.")
    at = _moment(required(line["created_at"], "Created at"))
    chosen = Chosen(f"{survey}/{session}", (f"{survey}/idea/{left}", f"{survey}/idea/{right}"), 0, at)
    told = required(line.get("record_id") or line.get("skip_id") or line.get("appearance_id"), "Record ID")
    row = vote(survey, number, chosen, f"{survey}/skip/{told}", f"Participant {session}")
    reason = line.get("reason", "").strip()
    if row.act is None or reason in ("", "N/A", "NA"):
        return row
    return row._replace(act=row.act._replace(extra={**(row.act.extra or {}), "reason": reason[:200]}))


def _unlisted(
    line: Line, survey: str, known: set[str], pair: tuple[str, str] = ("winner", "loser")
) -> list[Brings]:
    """Ideas that the file of ideas does not have; their texts stand with the vote."""
    found = []
    for which in pair:
        name = f"{survey}/idea/{line[f'{which}_id']}"
        if name not in known:
            known.add(name)
            found.append(Brings(0, Choosable(name, line.get(f"{which}_text", ""), None)))
    return found
