"""Protects what becomes of a Decidim site's open data, of today's columns and of older ones, and of its own answers.

Columns are those of `ProposalSerializer` and `CommentSerializer` of decidim/decidim: 0.10 to 0.31.
"""

import csv
from pathlib import Path

import pytest

from estime.channels.challenges.api import ChallengeOptions, challenge_import, states_read
from estime.channels.challenges.choosing import StateUnclear
from estime.channels.errors import DocumentInvalid
from estime.cocreation import api as cocreation
from estime.cocreation.models import Author, Challenge, Comment, Contribution, Decision, Event, Member, Notice
from estime.ledger.models import Act
from estime.people import api as people

pytestmark = pytest.mark.django_db

TODAY = (
    "id author/id author/name author/url participatory_space/id participatory_space/url component/id title/ca title/es"
    " title/machine_translations/en body/ca body/es state state_published_at reference answer/ca answer/es answered_at"
    " votes comments published_at url is_amend withdrawn withdrawn_at created_at updated_at"
).split()
OLD = "id component/id title body state answer/ca supports published_at url is_amend".split()
DAY = "2024-03-0{} 10:00:00 UTC"
SITE = "https://d.example"


def row(number: int, **words: object) -> dict[str, object]:
    told: dict[str, object] = {
        "id": number, "component/id": 9, "title/ca": f"Idea {number}", "body/ca": "Text.", "is_amend": "false",
        "withdrawn": "false", "published_at": DAY.format(1), "url": f"{SITE}/p/{number}", "author/id": 41,
        "author/name": "Núria Puig", "author/url": f"{SITE}/profiles/nuria",
    }  # fmt: skip
    return told | {name.replace("__", "/"): value for name, value in words.items()}


def written(path: Path, columns: list[str], rows: list[dict[str, object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, columns, restval="", extrasaction="ignore", delimiter=";")
        table.writeheader()
        table.writerows(rows)
    return path


@pytest.fixture
def export(tmp_path):
    """A file of proposals with today's columns, or older ones."""

    def write(*rows: dict[str, object], columns: list[str] = TODAY, name: str = "proposals.csv") -> Path:
        return written(tmp_path / name, columns, list(rows))

    return write


def of(number: int) -> Contribution:
    return Contribution.objects.get(source__endswith=f"/contribution/{number}")


def test_answers_of_the_site_stand_as_its_own(bring, export):
    answered = {"answered_at": DAY.format(7), "state_published_at": DAY.format(8)}
    told = bring(
        export(
            row(1, state="accepted", answer__ca="<p>S’accepta.</p><script>x()</script>", **answered),
            row(2, state="rejected", answer__es="No hay dinero.", **answered),
            row(3, state="evaluating", **answered),
            row(4, state="not_answered"),
            row(5, state="withdrawn", withdrawn="true", withdrawn_at=DAY.format(5), answer__ca="No."),
            row(6, state="rejected", is_amend="true"),
        )
    )
    assert (told.rejected, told.notes) == (0, [])
    found = Decision.objects.order_by("contribution__source")
    assert [(one.outcome, one.reason, one.lives_on, one.again) for one in found] == [
        ("taken", "S’accepta.", "", None),
        ("not_taken", "No hay dinero.", "", None),
        ("later", "", "", None),
    ]
    assert {one.name for one in found} == {"d.example"}
    assert all(one.by.user is None and one.by.account is None for one in found), "nobody of ours"
    assert {one.at.day for one in found} == {7}
    assert [of(number).decision for number in range(1, 7)] == ["taken", "not_taken", "later", "", "", ""]
    assert of(1).answered.day == 7
    assert of(5).withdrawn.day == 5
    assert not Act.objects.exclude(type="Create").exists()
    assert not Act.objects.filter(content__contains="accepta").exists(), "no account of the ledger said it"
    assert Event.objects.filter(kind="decided").count() == Notice.objects.count() == 0
    assert cocreation.again_debts.count(of(1).at.replace(year=2030)) == (0, 0)


def test_the_page_says_who_answered(bring, export, client):
    bring(export(row(1, state="accepted"), row(2, state="rejected", answer__ca="Massa car.")))
    page = client.get(f"/en/ideas/{of(2).pk}/").content.decode()
    assert "Answered on d.example, before it was brought here" in page
    assert "Massa car." in page
    assert "speaks for" not in page
    assert "What of it lives on" not in page
    listed = client.get(f"/en/challenges/{Challenge.objects.get().pk}/decisions/").content.decode()
    assert "No reason came with it." in listed
    answers = client.get(f"/api/v1/contributions/{of(2).pk}/answers").json()["decisions"]
    assert answers[0]["by"] == {"name": "d.example", "speaks_for": None}


def test_a_later_export_brings_what_was_answered_since(bring, export, space):
    first = row(1, state="evaluating", answered_at=DAY.format(3))
    bring(export(first, row(2)))
    again = bring(export(first, row(2)))
    assert (again.new, Decision.objects.count()) == (0, 1)
    later = {"answered_at": DAY.format(6), "answer__ca": "Sí."}
    told = bring(export(row(1, state="accepted", **later), row(2, state="rejected", **later), name="may.csv"))
    assert (told.fresh, told.new) == (False, 2), (
        "known by its site and component, whatever the file is called"
    )
    assert list(of(1).decisions.order_by("number").values_list("number", "outcome")) == [
        (1, "later"),
        (2, "taken"),
    ]
    assert of(1).answered.day == 3, "when it was first answered"
    lea = cocreation.member_of(people.login_make("lea@example.org", "lead", people.Profile("Léa")))
    Decision.objects.create(
        contribution=of(2), number=2, outcome="taken", reason="We make it.", lives_on="All.", by=lea,
        name="Léa", at=of(2).answered,
    )  # fmt: skip
    told = bring(export(row(2, state="evaluating", **later)))
    assert [one.code for one in told.first_rejects] == ["answered-here"]
    assert of(2).decisions.count() == 2


def test_states_of_a_site_s_own_are_said_or_told(space, export):
    path = export(
        row(1, state="in_study", answer__ca="Ho mirem."), row(2, state="done"), row(3, state="done")
    )
    told = challenge_import(path, space)
    assert told.notes == [
        "Answers with states of that site’s own are left out: done (2), in_study (1). "
        "--state done=later brings them, for example."
    ]
    options = ChallengeOptions(states=states_read(["in_study=later", " done = taken"]))
    again = challenge_import(path, space, options=options)
    assert (again.notes, again.new) == ([], 3)
    assert of(1).decisions.get().reason == "Ho mirem."
    for wrong in ("done", "=taken", "done=great", "done=together"):
        with pytest.raises(StateUnclear, match="does not say"):
            states_read([wrong])


def test_everybody_who_wrote_it_is_an_author(bring, export):
    urls = f"{SITE}/profiles/nuria, {SITE}/profiles/joan"
    both = row(1, author__id="41, 42", author__name="Núria Puig, Joan", author__url=urls)
    ours = row(2, author__id="41", author__name="Ajuntament", author__url=SITE)
    met = row(3, author__id=41, author__name="Trobada", author__url=f"{SITE}/f/3/meetings/41")
    comma = row(4, author__id="43, 44", author__name="Puig, Anna, Joan", author__url="")
    for _twice in range(2):
        bring(export(both, ours, met, comma))
        told = Author.objects.order_by("contribution__source", "number")
        assert [(one.number, one.member.handle, one.member.name) for one in told] == [
            (1, "d.example/41", "Núria Puig"),
            (2, "d.example/42", "Joan"),
            (1, "d.example/organization/41", "Ajuntament"),
            (1, "d.example/meeting/41", "Trobada"),
            (1, "d.example/43", ""),
            (2, "d.example/44", ""),
        ]
    assert Act.objects.filter(type="Join").count() == 2
    assert Challenge.objects.get().people_count == 6


def test_what_a_machine_translated_nobody_said(bring, export):
    words = {"title__ca": "", "title__machine_translations__en": "A shade", "title__es": "Una sombra"}
    bring(export(row(1, votes=7, **words)))
    assert (of(1).title, of(1).lang, of(1).supports) == ("Una sombra", "es", 7)


def test_columns_of_ten_years_ago(bring, export):
    told = row(5, title="Una ombra", body="<p>Arbres</p>", state="rejected", answer__ca="No.", supports=3)
    bring(export(told, columns=OLD))
    shade = of(5)
    assert (shade.title, shade.body, shade.supports, shade.decision) == (
        "Una ombra",
        "Arbres",
        3,
        "not_taken",
    )
    assert (shade.author.name, shade.author.account) == ("", None)
    assert shade.decisions.get().at == shade.at, "no day of the answer is told"


COMMENTS = (
    "id created_at body locale author/id author/name alignment depth commentable_id commentable_type".split()
)


def said(number: int, on: int, kind: str = "Proposals::Proposal", depth: int = 0) -> dict[str, object]:
    return {
        "id": number, "created_at": DAY.format(2), "body": f"Said {number}", "locale": "ca", "author/id": 50,
        "author/name": "Pau", "depth": depth, "commentable_id": on, "commentable_type": f"Decidim::{kind}",
    }  # fmt: skip


def test_of_a_whole_site_one_component(space, tmp_path):
    other = row(7, component__id=12)
    written(tmp_path / "a-proposals.csv", TODAY, [row(1), row(2), other])
    written(tmp_path / "b-meetings.csv", ["id", "component/id", "title/ca", "description/ca", "state"], [])
    talk = [
        said(3, 2, "Comments::Comment", 1), said(2, 1), said(4, 7), said(5, 4, "Comments::Comment", 1),
        said(6, 8, "Meetings::Meeting"),
    ]  # fmt: skip
    written(tmp_path / "c-proposal_comments.csv", COMMENTS, talk)
    whole = challenge_import(tmp_path, space, dry_run=True)
    assert whole.notes == [
        "1 other files of the export are left out.",
        "It holds proposals of 2 components: 9 (2), 12 (1). --component brings those of one.",
    ]
    assert (whole.counts["contributions"], whole.counts["comments"]) == (4, 5)
    told = challenge_import(tmp_path, space, options=ChallengeOptions(component="9"))
    assert (told.counts["contributions"], told.counts["comments"], told.rejected) == (2, 2, 0)
    assert told.notes[-1] == "3 comments stand below something else than these proposals, and are left out."
    assert Comment.objects.get(body="Said 3").parent.body == "Said 2"
    assert Challenge.objects.get().source == "decidim/d.example/9"
    with pytest.raises(DocumentInvalid, match="component 77") as wrong:
        challenge_import(tmp_path, space, options=ChallengeOptions(component="77"))
    assert "9 (2), 12 (1)" in wrong.value.todo


def test_sites_with_the_same_numbers_are_not_mixed_up(bring, export):
    bring(export(row(1, title__ca="Here")))
    bring(export(row(1, title__ca="There", url="https://other.example/p/1")))
    assert set(Contribution.objects.values_list("title", flat=True)) == {"Here", "There"}
    assert Member.objects.filter(handle__endswith="/41").count() == 2, "nor are their people"
