"""What Decidim exports as open data: proposals and comments, as a folder (or zip) of CSVs, or one of them.

Exports of 2018 (0.10) to today (0.31) are read; `decidim_rows.py` says what changed between them. The export of a whole
site holds proposals of all its processes: `--component` brings those of one. Comments on what is no proposal (results,
meetings) stand below a contribution that points there.
"""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from estime.channels.challenges.choosing import ChallengeOptions
from estime.channels.challenges.decidim_rows import ADDRESSES, COMPONENT, Reading, Row, kind_of
from estime.channels.challenges.read import Read, name_of, refused, supports_told
from estime.channels.errors import DocumentInvalid
from estime.channels.formats.csv.records import records
from estime.channels.options import ReadOptions
from estime.channels.rows import Untranslatable
from estime.channels.source import Source
from estime.cocreation.api import About, Given, Spoken
from estime.ledger.drafts import Reject

MANY = 5
"""Components that a note names."""


def read(source: Source, options: ReadOptions) -> Read:
    """Every file of proposals, then every file of comments; others are left out, and a note says how many."""
    held = Read(About("", name_of(source.path)))
    rows = _rows(source, held)
    wanted = options.component if isinstance(options, ChallengeOptions) else ""
    proposals = _chosen(rows["proposals"], wanted, held)
    about = _source(source, rows, wanted)
    held.about = About(about, name_of(source.path))
    reading = Reading(about, options, _host(rows))
    for row in proposals:
        try:
            held.rows += reading.proposal(row)
        except Untranslatable as error:
            held.rejects.append(refused(row.number, error, row.line))
    _comments(reading, rows["comments"], held, only_ours=bool(wanted))
    _notes(reading, held)
    _totals(held, options)
    return held


def _rows(source: Source, held: Read) -> dict[str, list[Row]]:
    """Each row of the files that are read, by what it is."""
    found: dict[str, list[Row]] = {"proposals": [], "comments": []}
    parts = [source.entry(name) for name in source.entries()] if source.is_folder else [source.single()]
    left = 0
    for part in parts:
        kind = _kind(part) if part.name.endswith((".csv", ".csv.gz")) or not source.is_folder else ""
        if not kind:
            left += 1
            continue
        found[kind] += _lines(part, held)
    if left == len(parts):
        raise DocumentInvalid(
            f"“{source.name}” holds no proposals and no comments as Decidim exports them.",
            todo="Export proposals or comments as CSV, or say which column is what with --map.",
        )
    if left:
        held.notes.append(f"{left} other files of the export are left out.")
    return found


def _kind(part: Source) -> str:
    header = next(records(part, None), None)
    return (
        "" if header is None or isinstance(header, Reject) else kind_of({name.strip() for name in header[1]})
    )


def _lines(part: Source, held: Read) -> Iterator[Row]:
    rows = records(part, None)
    header = next(rows)
    names = [] if isinstance(header, Reject) else [name.strip() for name in header[1]]
    for item in rows:
        if isinstance(item, Reject):
            held.rejects.append(item)
        else:
            yield Row(item[0], dict(zip(names, item[1], strict=True)))


def _chosen(proposals: list[Row], wanted: str, held: Read) -> list[Row]:
    """Those of the component that is wanted; where there are many, a note says so. Raises `DocumentInvalid`."""
    there = Counter(row.line.get(COMPONENT, "").strip() for row in proposals)
    told = ", ".join(f"{name} ({many:,})" for name, many in there.most_common(MANY))
    more = f" and {len(there) - MANY} more" if len(there) > MANY else ""
    if not wanted:
        if len(there) > 1:
            held.notes.append(
                f"It holds proposals of {len(there)} components: {told}{more}. --component brings those of one."
            )
        return proposals
    if wanted not in there:
        raise DocumentInvalid(
            f"There are no proposals of component {wanted[:40]}.", todo=f"There are those of {told}{more}."
        )
    return [row for row in proposals if row.line.get(COMPONENT, "").strip() == wanted]


def _source(source: Source, rows: dict[str, list[Row]], wanted: str) -> str:
    """What the ledger calls the whole: by its site and component, the same in every later export."""
    components = {row.line.get(COMPONENT, "").strip() for row in rows["proposals"]}
    part = wanted or (components.pop() if len(components) == 1 else "") or name_of(source.path)
    host = _host(rows)
    return f"decidim/{host}/{part[:60]}" if host else f"decidim/{part[:120]}"


def _host(rows: dict[str, list[Row]]) -> str:
    """The site that was exported; empty where no row tells it."""
    try:
        return urlsplit(_address(rows)).netloc[:100]
    except ValueError:  # brackets that are no address
        return ""


def _address(rows: dict[str, list[Row]]) -> str:
    """An address on the site that was exported; empty where no row has one."""
    told = (row.line.get(name, "") for kind in rows.values() for row in kind for name in ADDRESSES)
    return next((address for address in told if address.startswith(("https://", "http://"))), "")


def _comments(reading: Reading, rows: list[Row], held: Read, *, only_ours: bool) -> None:
    """Comments after what they stand below, each after the one that it answers."""
    known = {row.thing.source for row in held.rows if isinstance(row.thing, Given)}
    kept: set[str] = set()
    left = 0
    for row in sorted(rows, key=lambda one: one.depth):
        try:
            told = reading.comment(row)
        except Untranslatable as error:
            held.rejects.append(refused(row.number, error, row.line))
            continue
        said = told.thing
        assert isinstance(said, Spoken)  # noqa: S101  `Reading.comment`
        if only_ours and said.on not in known and said.answers not in kept:
            left += 1
            continue
        kept.add(said.source)
        if said.on and said.on not in known:
            known.add(said.on)
            held.rows.append(reading.place(row, said))
        held.rows.append(told)
    if left:
        held.notes.append(
            f"{left:,} comments stand below something else than these proposals, and are left out."
        )


def _notes(reading: Reading, held: Read) -> None:
    if reading.unknown:
        told = ", ".join(f"{state} ({many:,})" for state, many in reading.unknown.most_common())
        held.notes.append(
            f"Answers with states of that site’s own are left out: {told}. "
            f"--state {reading.unknown.most_common(1)[0][0]}=later brings them, for example."
        )


def _totals(held: Read, options: ReadOptions) -> None:
    given = [row.thing for row in held.rows if isinstance(row.thing, Given)]
    observed = options.observed_at or max((one.at for one in given), default=None)
    if observed is not None:
        held.rows += [supports_told(one, observed) for one in given if one.supports]
