"""What Decidim exports as open data: proposals and comments, as a folder (or zip) of CSVs, or one of them.

Titles and texts have a column for each language ("title/ca"): the first language that says something is taken.
Comments on what is no proposal (results, meetings) stand below a contribution that points there. `alignment` is kept
with the act.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from estime.channels.challenges.markup import plain_text
from estime.channels.challenges.read import (
    Read,
    comment,
    contribution,
    name_of,
    refused,
    required,
    supports_told,
    whole,
)
from estime.channels.errors import DocumentInvalid
from estime.channels.formats.csv.records import records
from estime.channels.moments import moment_reader
from estime.channels.options import ReadOptions
from estime.channels.rows import Untranslatable
from estime.channels.source import Source
from estime.cocreation.api import About, Brings, Given, Spoken
from estime.ledger.drafts import Reject

COMMENT, PROPOSAL = "Decidim::Comments::Comment", "Decidim::Proposals::Proposal"
WITHDRAWN = ("withdrawn",)
Line = dict[str, str]


def read(source: Source, options: ReadOptions) -> Read:
    """Every file of proposals, then every file of comments; others are left out, and a note says which."""
    held = Read(About(f"decidim/{name_of(source.path)}", name_of(source.path)))
    parts = [source.entry(name) for name in source.entries()] if source.is_folder else [source.single()]
    kinds = [
        (part, kind) for part in parts if part.name.endswith((".csv", ".csv.gz")) and (kind := _kind(part))
    ]
    if not kinds:
        raise DocumentInvalid(
            f"“{source.name}” holds no proposals and no comments as Decidim exports them.",
            todo="Export proposals or comments as CSV, or say which column is what with --map.",
        )
    left = len(parts) - len(kinds)
    if left:
        held.notes.append(f"{left} other files of the export are left out.")
    for wanted, translate in (("proposals", _proposals), ("comments", _comments)):
        for part, kind in kinds:
            if kind == wanted:
                translate(part, options, held)
    _totals(held, options)
    return held


def _kind(part: Source) -> str:
    header = next(records(part, None), None)
    if header is None or isinstance(header, Reject):
        return ""
    names = {name.strip() for name in header[1]}
    if {"id", "body", "commentable_id", "commentable_type"} <= names:
        return "comments"
    titled = any(name.partition("/")[0] == "title" for name in names)
    return "proposals" if titled and {"id", "component/id"} <= names else ""


def _lines(part: Source, held: Read) -> Iterator[tuple[int, Line]]:
    rows = records(part, None)
    header = next(rows)
    names = [] if isinstance(header, Reject) else [name.strip() for name in header[1]]
    for item in rows:
        if isinstance(item, Reject):
            held.rejects.append(item)
        else:
            yield item[0], dict(zip(names, item[1], strict=True))


def _proposals(part: Source, options: ReadOptions, held: Read) -> None:
    moment = moment_reader(options.date_format, options.zone or UTC)
    for number, line in _lines(part, held):
        try:
            title, lang = _told(line, "title")
            at = moment(required(line.get("published_at") or line.get("created_at"), "published_at"))
            supports = line.get("proposal_votes_count") or line.get("supports") or ""
            state = (line.get("state") or "").strip()
            ended = line.get("withdrawn_at") or line.get("updated_at") or ""
            given = Given(
                f"{held.about.source}/contribution/{required(line.get('id'), 'id')}", _author(line),
                required(" ".join(plain_text(title).split()), "title"), plain_text(_told(line, "body")[0]), at,
                "idea", lang, whole(supports, "supports"),
                (moment(ended) if ended else at) if state in WITHDRAWN else None,
            )  # fmt: skip
            held.rows.append(contribution(held.about.source, number, given, _name(line)))
        except Untranslatable as error:
            held.rejects.append(refused(number, error, line))


def _comments(part: Source, options: ReadOptions, held: Read) -> None:
    moment = moment_reader(options.date_format, options.zone or UTC)
    known = {row.thing.source for row in held.rows if isinstance(row.thing, Given)}
    found: list[Brings] = []
    for number, line in _lines(part, held):
        try:
            said, place = _comment(line, held.about.source, moment)
        except Untranslatable as error:
            held.rejects.append(refused(number, error, line))
            continue
        if place is not None and said.on not in known:
            known.add(said.on)
            held.rows.append(Brings(number, place))
        row = comment(held.about.source, number, said, _name(line))
        alignment = (line.get("alignment") or "0").strip()
        if row.act is not None and alignment in ("1", "-1"):
            row = row._replace(act=row.act._replace(extra={"alignment": int(alignment)}))
        found.append(row)
    held.rows += found


def _comment(line: Line, about: str, moment: Callable[[object], datetime]) -> tuple[Spoken, Given | None]:
    """A comment, and the place it stands below, for where the export does not hold it."""
    at = moment(required(line.get("created_at"), "created_at"))
    kind = required(line.get("commentable_type"), "commentable_type")
    target = required(line.get("commentable_id"), "commentable_id")
    said = Spoken(
        f"{about}/comment/{required(line.get('id'), 'id')}", _author(line),
        required(plain_text(line.get("body") or ""), "body"), at, lang=(line.get("locale") or "")[:12],
    )  # fmt: skip
    if kind == COMMENT:
        return said._replace(answers=f"{about}/comment/{target}"), None
    what = kind.rpartition("::")[2]
    on = f"{about}/{'contribution' if kind == PROPOSAL else what.lower()}/{target}"
    address = line.get("root_commentable_url") or ""
    body = address if address.startswith(("https://", "http://")) else ""
    return said._replace(on=on), Given(on, None, f"{what} {target}", body, at)


def _told(line: Line, column: str) -> tuple[str, str]:
    """What a text says, and in which language: of the columns "title/ca", "title/es" the first that says something."""
    for name, value in line.items():
        first, _, language = name.partition("/")
        if first == column and value.strip() and language != "machine_translations":
            return value.strip(), language[:12]
    return "", ""


def _author(line: Line) -> str | None:
    return (line.get("author/id") or "").strip() or None


def _name(line: Line) -> str:
    return (line.get("author/name") or "").strip()


def _totals(held: Read, options: ReadOptions) -> None:
    given = [row.thing for row in held.rows if isinstance(row.thing, Given)]
    observed = options.observed_at or max((one.at for one in given), default=None)
    if observed is not None:
        held.rows += [supports_told(one, observed) for one in given if one.supports]
