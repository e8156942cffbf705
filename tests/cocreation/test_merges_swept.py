"""Protects that no proposal waits for ever for somebody whose login is closed, even if a process died right then.

The process is a real one, killed between the end of the transaction that shuts somebody out and what is to follow it.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from cocreation.merging import again, proposed
from cocreation.places import Place
from cocreation.writing import given
from django.conf import LazySettings
from django.db import connections

from estime.cocreation import api
from estime.cocreation.merge_jobs import proposals_job
from estime.cocreation.models import Contribution, Event, Member, Merge, Notice
from estime.people.api import shut_out

Make = Callable[..., Place]


def die(_user: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def shut_out_and_killed(member: Member, settings: LazySettings) -> None:
    assert member.user_id is not None
    settings.ESTIME_LOGIN_CLOSED = (f"{__name__}.die", *settings.ESTIME_LOGIN_CLOSED)
    connections.close_all()  # a child may not say good-bye on its parent's connection
    child = os.fork()
    if not child:
        with suppress(BaseException):
            shut_out(member.user_id)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert not Member.objects.get(pk=member.pk).user.is_active, "that much was done"  # type: ignore[union-attr]


def both_agreed(here: Place) -> tuple[Merge, Contribution]:
    """Anna and Ben said yes; Ben's is Chloé's, too, who said nothing."""
    title = f"Lid {Contribution.objects.count()}"
    head, part = (
        given(here, by, f"{title} {by.name}", f"Words of {by.name}.") for by in (here.anna, here.ben)
    )
    api.coauthor_invite(here.ben, part.pk, here.chloe, when=here.at)
    api.coauthor_accept(here.chloe, part.pk, deal=1, when=here.at)
    merge = proposed(here, here.dani, head, part)
    for author in (here.anna, here.ben):
        api.merge_agree(author, merge.pk, when=here.at)
    return merge, part


def looked() -> int:
    _words, numbers = proposals_job({}, lambda *_told: None)  # type: ignore[misc]
    return int(numbers["count"])


def test_what_a_killed_process_left_waiting_is_carried_out(
    on_both: Path, place: Make, settings: LazySettings
) -> None:
    here = place("propose")
    merge, part = both_agreed(here)
    assert looked() == 0, "Chloé may still say no"
    shut_out_and_killed(here.chloe, settings)
    merge.refresh_from_db()
    assert merge.state == "proposed"
    assert looked() == 1
    merge.refresh_from_db()
    assert (merge.state, merge.settled_by) == ("agreed", here.ben)
    assert again(part).together_id == merge.head_id
    told = Notice.objects.filter(event__kind="merged", event__contribution=merge.head_id)
    assert {here.anna.pk, here.ben.pk, here.dani.pk} <= set(told.values_list("member", flat=True))
    assert looked() == 0
    assert Event.objects.filter(kind="merged", contribution=merge.head_id).count() == 1, "once"


@pytest.mark.django_db
def test_what_cannot_be_carried_out_keeps_nothing_else_waiting_and_is_tried_again(
    place: Make, settings: LazySettings
) -> None:
    settings.ESTIME_LOGIN_CLOSED = ()
    here = place("propose")
    stuck, _part = both_agreed(here)
    head, body = Contribution.objects.get(pk=stuck.head_id), stuck.body
    api.version_write(here.anna, head.pk, api.NewWords(head.title, "Quite others."), 1, when=here.at)
    Merge.objects.filter(pk=stuck.pk).update(body="Words of Anna, otherwise.")
    free, _other = both_agreed(here)
    assert here.chloe.user_id is not None
    shut_out(here.chloe.user_id)
    assert looked() == 1
    states = dict(Merge.objects.values_list("pk", "state"))
    assert states == {stuck.pk: "proposed", free.pk: "agreed"}
    api.version_write(here.anna, head.pk, api.NewWords(head.title, head.body), 2, when=here.at)
    Merge.objects.filter(pk=stuck.pk).update(body=body)
    assert looked() == 1
