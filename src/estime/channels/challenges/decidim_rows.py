"""One row of a Decidim export as what it is: a proposal with its authors and its answer, or a comment.

| | until 0.27 | 0.28 to 0.31 |
|---|---|---|
| texts | `title`, later `title/ca`, `title/es` … | the same, and `title/machine_translations/…`, which nobody wrote |
| support | `supports` | `votes` |
| authors | none | `author/id`, `author/name`, `author/url`, several with “, ” between them |
| withdrawn | `state` | `withdrawn`, `withdrawn_at` as well |
| answered | `state`, `answer/…` | and `answered_at`, `state_published_at`; states may be a site’s own |
| comments | no name of an author | `author/name` |

An amendment's state is what the proposal's author made of it, and no answer of the site. Whoever is an organisation or
a meeting has another numbering than people, and is told apart by the address.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NamedTuple

from estime.channels.challenges.choosing import ChallengeOptions
from estime.channels.challenges.markup import plain_text
from estime.channels.challenges.read import Line, comment, contribution, required, whole
from estime.channels.moments import moment_reader
from estime.channels.options import ReadOptions
from estime.cocreation.api import Answered, Brings, Given, Spoken, Wrote
from estime.ledger.drafts import ActDraft

COMMENT, PROPOSAL = "Decidim::Comments::Comment", "Decidim::Proposals::Proposal"
COMPONENT: Final = "component/id"
ADDRESSES: Final = ("url", "participatory_space/url", "root_commentable_url")
STATES: Final = {"accepted": "taken", "rejected": "not_taken", "evaluating": "later"}
SILENT: Final = {"", "not_answered", "withdrawn", "validating"}
"""States that answer nothing."""


class Row(NamedTuple):
    """A row by the names of its columns, and the line that it begins on."""

    number: int
    line: Line

    @property
    def depth(self) -> int:
        """How deep a comment stands below others; what says none stands first."""
        text = self.line.get("depth", "").strip()
        return int(text) if text.isdecimal() and len(text) < 9 else 0


def kind_of(names: set[str]) -> str:
    """What a file with these columns holds: proposals have a body and a state, which meetings and results have not."""
    if {"id", "body", "commentable_id", "commentable_type"} <= names:
        return "comments"
    texts = {name.partition("/")[0] for name in names}
    return "proposals" if {"title", "body"} <= texts and {"id", "state", COMPONENT} <= names else ""


@dataclass
class Reading:
    """What all rows of one export have in common. `host`: of the site, empty where no row tells it.

    `unknown`: states of answers that nobody said a meaning of.
    """

    about: str
    options: ReadOptions
    host: str
    unknown: Counter[str] = field(default_factory=Counter)

    def at(self, line: Line, *columns: str) -> datetime:
        """The first of these moments that the row tells; one of them is needed."""
        told = next((text for name in columns if (text := line.get(name, "").strip())), "")
        moment = moment_reader(self.options.date_format, self.options.zone or UTC)
        return moment(required(told, columns[0]))

    def proposal(self, row: Row) -> list[Brings]:
        """A proposal, whoever else wrote it, and what the site answered."""
        line = row.line
        title, lang = _told(line, "title")
        at = self.at(line, "published_at", "created_at")
        authors = self._authors(line)
        first = authors[0] if authors else None
        votes = line.get("votes") or line.get("proposal_votes_count") or line.get("supports")
        given = Given(
            f"{self.about}/contribution/{required(line.get('id'), 'id')}", first[0] if first else None,
            required(" ".join(plain_text(title).split()), "title"), plain_text(_told(line, "body")[0]), at, "idea",
            lang, whole(votes, "votes"), self._withdrawn(line, at),
        )  # fmt: skip
        found = [contribution(self.about, row.number, given, first[1] if first else "")]
        for handle, name in authors[1:]:
            act = ActDraft(
                f"{given.source}/author/{handle}",
                handle,
                "Join",
                at,
                given.source,
                "Idea",
                given.source,
                self.about,
            )
            found.append(Brings(row.number, Wrote(handle, given.source, at), act, name=name))
        answer = self._answer(line, given)
        return [*found, Brings(row.number, answer)] if answer is not None else found

    def _withdrawn(self, line: Line, at: datetime) -> datetime | None:
        told = line.get("withdrawn_at", "").strip()
        if not told and line.get("state", "").strip() != "withdrawn" and not _yes(line.get("withdrawn", "")):
            return None
        return (
            self.at(line, "withdrawn_at", "updated_at") if told or line.get("updated_at", "").strip() else at
        )

    def _answer(self, line: Line, given: Given) -> Answered | None:
        """What the site made of it. Of an amendment that is its author's to say, of one that is withdrawn nothing."""
        state = line.get("state", "").strip()
        if state in SILENT or given.withdrawn is not None or _yes(line.get("is_amend", "")):
            return None
        named = self.options.states if isinstance(self.options, ChallengeOptions) else {}
        outcome = {**STATES, **named}.get(state, "")
        if not outcome:
            self.unknown[state] += 1
            return None
        at = self.at(line, "answered_at", "state_published_at", "updated_at", "published_at", "created_at")
        words = plain_text(_told(line, "answer")[0])
        site = self.host or "Decidim"
        return Answered(f"{given.source}/answer", given.source, outcome, words, max(at, given.at), site)

    def comment(self, row: Row) -> Brings:
        """A comment, below a contribution or in answer to another one."""
        line = row.line
        at = self.at(line, "created_at")
        kind = required(line.get("commentable_type"), "commentable_type")
        target = required(line.get("commentable_id"), "commentable_id")
        author = next(iter(self._authors(line)), None)
        said = Spoken(
            f"{self.about}/comment/{required(line.get('id'), 'id')}", author[0] if author else None,
            required(plain_text(_told(line, "body")[0]), "body"), at,
            lang=(line.get("locale") or _told(line, "body")[1])[:12],
        )  # fmt: skip
        if kind == COMMENT:
            said = said._replace(answers=f"{self.about}/comment/{target}")
        else:
            what = "contribution" if kind == PROPOSAL else kind.rpartition("::")[2].lower()
            said = said._replace(on=f"{self.about}/{what}/{target}")
        told = comment(self.about, row.number, said, author[1] if author else "")
        alignment = (line.get("alignment") or "0").strip()
        if told.act is not None and alignment in ("1", "-1"):
            told = told._replace(act=told.act._replace(extra={"alignment": int(alignment)}))
        return told

    def place(self, row: Row, said: Spoken) -> Brings:
        """What a comment stands below, where the export does not hold it: a contribution that points there."""
        kind = row.line["commentable_type"].strip().rpartition("::")[2]
        address = row.line.get("root_commentable_url", "")
        body = address if address.startswith(("https://", "http://")) else ""
        title = f"{kind} {row.line['commentable_id'].strip()}"
        return Brings(row.number, Given(said.on, None, title, body, said.at))

    def _authors(self, line: Line) -> list[tuple[str, str]]:
        """Handle and name of each author; no names where they cannot be told apart, for a name may hold a comma.

        Each site numbers its people from 1: the handle says which site.
        """
        ids = _split(line.get("author/id", ""))
        names, urls = _split(line.get("author/name", "")), _split(line.get("author/url", ""))
        if len(ids) == 1:
            names = [line.get("author/name", "").strip()]
        names = names if len(names) == len(ids) else [""] * len(ids)
        urls = urls if len(urls) == len(ids) else [""] * len(ids)
        site = f"{self.host}/" if self.host else ""
        told = {site + _handle(*one): name for *one, name in zip(ids, urls, names, strict=True)}
        return list(told.items())


def _told(line: Line, column: str) -> tuple[str, str]:
    """What a text says, and in which language: of "title", "title/ca", "title/es" the first that says something."""
    for name, value in line.items():
        first, _slash, language = name.partition("/")
        if first == column and value.strip() and not language.startswith("machine_translations"):
            return value.strip(), language[:12]
    return "", ""


def _handle(number: str, url: str) -> str:
    if not url or "/profiles/" in url:
        return number
    return f"meeting/{number}" if "/meetings/" in url else f"organization/{number}"


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _yes(text: str) -> bool:
    return text.strip().casefold() in ("true", "t", "1")
