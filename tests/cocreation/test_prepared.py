"""Prepared queries read what Django’s own would: else every page of co-creation would quietly tell something else."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cocreation.places import Place
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Exists, Model, OuterRef, Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from estime.cocreation import api
from estime.cocreation.models import Comment, Contribution, Event, Follow, Member, Phase, Support
from estime.cocreation.prepared import Prepared, _with_constants

Make = Callable[..., Place]


def read(row: Any) -> Any:
    """All that was read of a row, with what hangs on it: of a model its columns and the models beside it."""
    if not isinstance(row, Model):
        return row
    beside = {name: read(other) for name, other in row._state.fields_cache.items() if _is_below(row, other)}
    own = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    return type(row), own, beside, row._state.adding, row._state.db


def _is_below(row: Model, other: Any) -> bool:
    """What was read along; not the way back, which a one-to-one relation keeps too."""
    return not any(
        back is row for back in getattr(getattr(other, "_state", None), "fields_cache", {}).values()
    )


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each prepared query that is asked is asked of Django, too; yields where they stand."""
    prepared, asked = Prepared.all, list[str]()

    def both(self: Prepared[Any], *told: Any) -> list[Any]:
        rows = prepared(self, *told)
        plain = self._make(
            *(one if isinstance(one, (int, str)) or hasattr(one, "tzinfo") else list(one) for one in told)
        )
        expected = [read(row) for row in plain]
        found = [read(row) for row in rows]
        if plain.query.order_by or plain.query.combinator:
            assert found == expected, str(plain.query)
        else:
            assert len(found) == len(expected), str(plain.query)
            assert all(row in expected for row in found), str(plain.query)
        asked.append(self._make.__code__.co_filename)
        return rows

    monkeypatch.setattr(Prepared, "all", both)
    return asked


def filled(place: Make) -> tuple[Place, Contribution]:
    made = place("propose", "answer")
    made.agree(made.anna, made.ben)
    one, two = (_idea(made, number) for number in (1, 2))
    part = _idea(made, 3)
    Contribution.objects.filter(pk=part.pk).update(together=one)
    Contribution.objects.filter(pk=two.pk).update(built_on=one)
    first = api.comment_write(made.ben, one, api.Said("What is it made of?", "question"))
    api.comment_write(made.chloe, one, api.Said("Of cork.", parent=first.pk, quoted=first.pk))
    api.comment_write(made.chloe, made.challenge, api.Said("Why now?"))
    Support.objects.create(contribution=part, member=made.ben, at=made.at)
    Follow.objects.create(contribution=one, member=made.ben, at=made.at)
    api.decision_write(
        made.lea, two.pk, api.DecisionWords("taken", "It is good.", "All of it."), when=made.at
    )
    return made, one


def _idea(made: Place, number: int) -> Contribution:
    words = {
        "title": f"Idea {number}",
        "body": f"It’s 100 % cork, number {number}.",
        "at": made.at,
        "changed": made.at,
    }
    one = Contribution.objects.create(space=made.space, challenge=made.challenge, kind="idea", author=made.anna,
                                      source=f"i/{number}", **words)  # fmt: skip
    one.versions.create(number=1, title=one.title, body=one.body, by=made.anna, at=made.at)
    one.authors.create(member=made.anna, number=1, accepted=made.at)
    Event.objects.create(space=made.space, kind="published", by=made.anna, challenge=made.challenge, contribution=one,
                         at=made.at)  # fmt: skip
    return one


def test_pages_read_what_django_reads(on_both: Path, place: Make, compared: list[str]) -> None:
    made, one = filled(place)
    number = made.challenge.pk
    paths = [
        f"/en/ideas/{one.pk}/", f"/en/ideas/{one.pk + 1}/", f"/en/challenges/{number}/", "/en/me/contributions/",
        *(f"/en/challenges/{number}/ideas/?order={order}&kind={kind}&after={after}"
          for order, after in (("new", "99"), ("support", "9-99"), ("talk", "9-99"), ("open", "0"))
          for kind in ("", "idea")),
        f"/en/challenges/{number}/ideas/?words=cork", f"/en/spaces/{made.space.slug}/ideas/?kind=idea",
        f"/en/spaces/{made.space.slug}/", f"/en/spaces/{made.space.slug}/power/", "/en/to-keep/",
        f"/en/challenges/{number}/answers/",
    ]  # fmt: skip
    for member in (None, made.ben, made.lea):
        client = Client()
        if member is not None and member.user is not None:
            client.force_login(member.user)
        for path in paths:
            assert client.get(path).status_code in (200, 302, 403), path
    names = {Path(name).stem for name in compared}
    assert names >= {"contribution", "contributions", "talk", "phases", "challenges", "becoming", "mine", "power",
                     "merges", "members", "deals", "newcomers", "owed", "answers"}  # fmt: skip


def test_however_many_are_asked_for_those_come(on_both: Path, place: Make) -> None:
    made = place()
    Member.objects.bulk_create(
        Member(channel="estime", handle=f"h{number}", name=f"Q {number}", joined=made.at)
        for number in range(600)
    )
    by_number = Prepared(lambda numbers: Member.objects.filter(pk__in=numbers).order_by("pk"))
    known = sorted(Member.objects.values_list("pk", flat=True))
    for count in (0, 1, 2, 3, 5, 64, 65, 512, 513, 600):
        assert [one.pk for one in by_number.all(known[:count])] == known[:count]
        assert {one.pk for one in by_number.all(set(known[:count]))} == set(known[:count])
    either = Prepared(lambda numbers, name: Member.objects.filter(Q(pk__in=numbers) | Q(name=name)))
    assert [one.name for one in either.all([], "Q 7")] == ["Q 7"]


def test_moments_texts_and_constants_reach_the_database(on_both: Path, place: Make) -> None:
    made = place()
    Member.objects.filter(pk=made.anna.pk).update(name="50 % d’“O'Hara”")
    by_name = Prepared(lambda name: Member.objects.filter(name=name, channel="estime"))
    found = by_name.first("50 % d’“O'Hara”")
    assert found is not None
    assert found.pk == made.anna.pk
    fixed = Prepared(lambda number: Member.objects.filter(pk=number, name="50 % d’“O'Hara”"))
    assert fixed.first(made.anna.pk) is not None
    running = Prepared(lambda at: Phase.objects.filter(starts__lte=at, ends__gt=at).values_list("kind"))
    assert running.all(made.at) == [("propose",)]
    assert running.all(made.at - timedelta(days=400)) == []


def test_what_is_planned_once_is_asked_again_and_again(on_both: Path, place: Make) -> None:
    """Numbers of every size go to one plan; a failed statement and a rolled back transaction spoil nothing."""
    made = place()
    query = Prepared(
        lambda numbers, name: Member.objects.filter(Q(pk__in=numbers) | Q(name=name)).order_by("pk"),
        plan_once=True,
    )
    for others in ([1 << 40], [7, 70_000, 1 << 40], [], [1 << 62]):
        assert made.anna in query.all([made.anna.pk, *others], "nobody’s %")
        with pytest.raises(LookupError), transaction.atomic():
            assert query.all([made.anna.pk], made.ben.name) == sorted(
                [made.anna, made.ben], key=lambda o: o.pk
            )
            raise LookupError
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
    with CaptureQueriesContext(connection) as asked:
        assert query.all([], made.ben.name) == [made.ben]
    assert ["cocreation_member" in told["sql"] for told in asked.captured_queries] == [True]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%$%"])
            assert cursor.fetchone()[0] >= 1


def test_a_model_that_was_read_is_an_ordinary_one(on_both: Path, place: Make) -> None:
    made, one = filled(place)
    query = Prepared(
        lambda number: (
            Contribution.objects.filter(pk=number)
            .select_related("author", "built_on")
            .defer("body")
            .annotate(talk=Count("pk"), said=Exists(Comment.objects.filter(contribution=OuterRef("pk"))))
        )
    )
    found: Any = query.first(one.pk)
    with CaptureQueriesContext(connection) as asked:
        assert (found.author.name, found.built_on, found.said) == (made.anna.name, None, True)
    assert not asked.captured_queries
    assert found == one
    assert found.body == one.body  # read now
    found.title = "Another"
    found.save(update_fields=["title"])
    one.refresh_from_db()
    assert one.title == "Another"


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


@pytest.mark.django_db
@given(told=TEXTS)
def test_no_constant_can_end_its_quotation(told: str) -> None:
    sql, left = _with_constants("SELECT %s, %s, '100 %%'", [told, 1.5])
    with connection.cursor() as cursor:
        cursor.execute(sql, left)
        assert cursor.fetchone() == (told, 1.5, "100 %")
