"""Protects open data: it names nobody, whatever people wrote, tells no single choice, and can be brought again."""

import csv
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from cocreation.answering import idea
from cocreation.places import place_made
from cocreation.voting import cast_all, counted, crowd, voting
from cocreation.writing import given as give
from cocreation.writing import said
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from estime.channels.challenges.api import challenge_export, challenge_import
from estime.cocreation import api
from estime.cocreation.actions.closing import poll_seal
from estime.cocreation.models import Contribution, Member, Poll, Space, Support
from estime.kernel import clock

pytestmark = pytest.mark.django_db


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def over(challenge: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    later = challenge.phases.order_by("-ends").first().ends + timedelta(days=400)
    monkeypatch.setattr(clock, "now", lambda: later)


WORDS = (
    "the lid",
    "=SUM(A1)",
    "+33 1",
    "clicks.",
    "'quoted",
    "\n\n",
    "«oui»",
    "a,b;c",
    '"so"',
    "\\",
    "| x |",
)
AFTER = (" ", "’s ", ", ", "! ", "-", "\n", ")", "…")


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(data=st.data())
def test_no_name_is_in_it_wherever_it_was_written(data, tmp_path_factory):
    """Names, handles, addresses and mentions put anywhere into what people write: none comes out."""
    from django.db import transaction

    with transaction.atomic(), pytest.MonkeyPatch.context() as patched:
        here = place_made()
        people = [here.anna, here.ben, here.chloe, here.lea]
        secret = [word for one in people for word in _naming(one)]
        piece = st.one_of(st.sampled_from(WORDS), st.sampled_from(secret))
        text = st.lists(st.tuples(piece, st.sampled_from(AFTER)), min_size=1, max_size=8).map(
            lambda parts: "".join(word + after for word, after in parts)
        )
        one = give(here, here.anna, "T " + " ".join(data.draw(text).split())[:120], "B " + data.draw(text))
        hidden = give(here, here.ben, "Unspeakable title", "Unspeakable body")
        Contribution.objects.filter(pk=hidden.pk).update(hidden=True)
        here.agree(here.chloe)
        said(here, here.chloe, one, "C " + data.draw(text))
        withheld = said(here, here.dani, one, "Unagreed words")
        api.support(here.ben, one.pk, when=here.at)
        answer = api.DecisionWords("taken", "R " + data.draw(text), "L " + data.draw(text))
        api.decision_write(here.lea, one.pk, answer, when=here.at)
        over(here.challenge, patched)
        folder = tmp_path_factory.mktemp("open") / "data"
        challenge_export(here.challenge, folder)
        whole = "\n".join(texts(folder).values())
        _names_nobody(whole, people)
        assert "nspeakable" not in whole
        assert "Unagreed" not in whole
        rows = {row["id"]: row for row in table(folder, "comments")}
        assert rows[str(withheld.pk)]["withheld"] == "withheld"
        assert table(folder, "contributions")[0]["supports"] == "", "one supporter is somebody"
        tables = "\n".join(told for name, told in texts(folder).items() if not name.endswith(".md"))
        assert not re.search(r"\d\d:\d\d", tables), "no moment within a day"
        for row in (
            cell for name in ("contributions", "comments", "decisions") for cell in table(folder, name)
        ):
            assert not [cell for cell in row.values() if cell and cell[0] in "=+-@"], "no formula"
        transaction.set_rollback(True)


def _naming(member: Member) -> list[str]:
    assert member.user is not None
    mail = str(member.user.email)
    return [
        *member.name.split(),
        member.name,
        mail,
        f"@{member.name}",
        f"@[{member.handle}]",
        member.handle,
        mail.upper(),
    ]


def _names_nobody(whole: str, people: list[Member]) -> None:
    for member in people:
        assert member.user is not None
        secret = {
            member.handle,
            str(member.user.email),
            *re.findall(r"\w+", member.name),
            str(member.account),
        }
        for word in secret:
            assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", whole), word
        assert str(member.user.email).casefold() not in whole.casefold()


def lived(method: str, choices: list[Any]) -> tuple[Any, Poll]:
    """A challenge with a secret vote that was cast, counted and sealed."""
    here, poll = voting(place_made, method)
    people = crowd(len(choices))
    cast_all(poll, people, choices, start=here.at, step=timedelta(minutes=1))
    counted(poll)
    poll.refresh_from_db()
    poll_seal(poll, when=poll.objections_until)
    poll.refresh_from_db()
    return here, poll


CHOICES = {
    "approval": [[1, 2]] * 6 + [[3]] * 5 + [[1], [4]],
    "ranked": [[[1], [2, 3, 4]]] * 6 + [[[4], [1]]] * 5 + [[[2], [3]]],
    "groups": [{"1": 1, "2": -1}] * 7 + [{"1": -1, "3": 1}] * 5 + [{"2": 0}],
    "score": [{"1": 5, "2": 1}] * 6 + [{"3": 2}],
    "budget": [[1, 2]] * 5 + [[4]],
}


@pytest.mark.parametrize("method", CHOICES)
def test_what_few_people_chose_is_not_told_and_the_rest_comes_back(method, monkeypatch, tmp_path):
    """Kinds of ballots of a secret vote that fewer than five cast stay out; the others make the same vote again."""
    here, poll = lived(method, CHOICES[method])
    here.agree(here.anna)
    one = idea(here, here.anna, "=A lid")
    said(here, here.anna, one, "Which?", intent="question")
    Contribution.objects.filter(pk=one.pk).update(supports=6)
    later = api.DecisionWords("later", "Not now.", "The click.", (poll.closes + timedelta(days=200)).date())
    api.decision_write(here.lea, one.pk, later, when=poll.closes)
    over(here.challenge, monkeypatch)
    folder, again = tmp_path / "one", tmp_path / "two"
    challenge_export(here.challenge, folder)
    told = {row["ballot"]: int(row["voters"]) for row in table(folder, f"vote-{poll.pk}-ballots")}
    cast = Counter(orjson.dumps(choice) for choice in CHOICES[method])
    assert sorted(told.values()) == sorted(many for many in cast.values() if many >= 5)
    assert orjson.loads((folder / f"vote-{poll.pk}.json").read_bytes())["ballots_not_told"] == sum(
        many for many in cast.values() if many < 5
    )
    other = Space.objects.create(slug="other", title="Other", threshold=2, created=here.at)
    brought = challenge_import(folder, other, channel="elsewhere")
    assert (brought.format, brought.rejected) == ("estime", 0)
    assert challenge_import(folder, other, channel="elsewhere").new == 0, "twice is once"
    copy = api.Challenge.objects.get(pk=brought.challenge)
    challenge_export(copy, again)
    for name in ("contributions", "comments", "decisions"):
        assert _plain(folder, name) == _plain(again, name), name
    ballots = {
        row["ballot"]: int(row["voters"]) for row in table(again, f"vote-{copy.polls.get().pk}-ballots")
    }
    assert ballots == told
    assert Support.objects.filter(contribution__challenge=copy).count() == 0, "nobody is made up"


def _plain(folder: Path, name: str) -> list[tuple[str, ...]]:
    """Rows without what is numbered anew: ids, authors, the site of an answer."""
    left = {"id", "contribution", "answers", "author", "built_on", "together", "into", "site"}
    return [tuple(cell for column, cell in row.items() if column not in left) for row in table(folder, name)]


def test_no_two_exports_number_people_alike(monkeypatch, tmp_path):
    here = place_made()
    for number in range(8):
        give(here, here.members[number % 4], f"Lid {number}")
    over(here.challenge, monkeypatch)
    authors = []
    for number in range(4):
        challenge_export(here.challenge, tmp_path / str(number))
        authors.append(tuple(row["author"] for row in table(tmp_path / str(number), "contributions")))
    assert len(set(authors)) > 1
    assert all(one[:4] == one[4:] for one in authors), "the same person, the same number, within one"
