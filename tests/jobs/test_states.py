"""A state machine over every order of events: nothing is lost, and nothing is done by two at once.

The clock is put forward by hand; processes live and die by word; a model of what must be is kept beside the table.
"""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from jobs.work import Refused, Stopped

from estime.jobs.actions import finish, recover, settle
from estime.jobs.actions.claim import TERM, adopt, claim, prolong
from estime.jobs.actions.enqueue import enqueue
from estime.jobs.actions.sweep import KEPT, sweep
from estime.jobs.errors import JobNotFailed
from estime.jobs.models import Job

KEYS = ["", "a", "b"]


class Queue(RuleBasedStateMachine):
    """Holders are named by a number; `living` are those whose process lives, `runs` what each believes to hold."""

    time = None
    monkeypatch = None

    @initialize()
    def begin(self):
        Job.objects.all().delete()
        self.living: set[str] = set()
        self.runs: dict[str, Job] = {}
        self.asked: set[object] = set()
        self.done: set[object] = set()
        self.number = 0
        self.monkeypatch.setattr(
            recover, "surely_dead", lambda holder: self.here(holder) and holder not in self.living
        )
        self.monkeypatch.setattr(
            recover, "surely_alive", lambda holder: self.here(holder) and holder in self.living
        )

    @staticmethod
    def here(holder):
        return holder.startswith("here")

    @rule(key=st.sampled_from(KEYS), wait=st.sampled_from([0, 0, 60]))
    def enqueue(self, key, wait):
        before = set(Job.objects.filter(slot=key).values_list("pk", flat=True)) if key else set()
        id = enqueue("well", {}, key=key, after=self.time() + timedelta(seconds=wait))
        assert before <= {id}
        self.asked.add(id)

    @rule(place=st.sampled_from(["here", "elsewhere"]))
    def claim(self, place):
        self.number += 1
        holder = f"{place}:{self.number}"
        self.living.add(holder)
        held = {job.pk: told for told, job in self.runs.items() if self.holds(told, job)}
        job = claim(holder)
        if job is not None:
            assert job.pk not in held, f"{holder} took what {held[job.pk]} holds"
            assert job.due <= self.time()
            self.runs[holder] = job

    def holds(self, holder, job):
        """Whether a lease still protects this run."""
        row = Job.objects.filter(pk=job.pk, status="running", holder=holder).first()
        return (
            row is not None and row.until >= self.time() and (holder in self.living or not self.here(holder))
        )

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def adopt(self, data):
        """A worker hands its job to a subprocess."""
        holder = data.draw(st.sampled_from(sorted(self.runs)))
        if holder not in self.living:
            return
        self.number += 1
        child = f"{holder.partition(':')[0]}:{self.number}"
        self.living.add(child)
        job = self.runs.pop(holder)
        if adopt(job.pk, holder, child) is not None:
            self.runs[child] = Job.objects.get(pk=job.pk)

    @precondition(lambda self: self.runs)
    @rule(
        data=st.data(), end=st.sampled_from(["done", "refused", "stopped", "broken", "later", "given back"])
    )
    def end(self, data, end):
        holder = data.draw(st.sampled_from(sorted(self.runs)))
        if holder not in self.living:
            return
        job = self.runs.pop(holder)
        mine = Job.objects.filter(pk=job.pk, status="running", holder=holder).exists()
        ends = {
            "done": lambda: finish.succeed(job, holder, "told"),
            "refused": lambda: finish.fail(job, holder, Refused("no")),
            "stopped": lambda: finish.fail(job, holder, Stopped("no")),
            "broken": lambda: finish.fail(job, holder, ValueError()),
            "later": lambda: finish.give_back(job, holder, after=timedelta(seconds=30)),
            "given back": lambda: finish.give_back(job, holder),
        }
        assert bool(ends[end]()) == mine
        if mine and end == "done":
            assert job.pk not in self.done
            self.done.add(job.pk)

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def prolong(self, data):
        holder = data.draw(st.sampled_from(sorted(self.runs)))
        if holder in self.living and not prolong(self.runs[holder].pk, holder, 1, 2):
            del self.runs[holder]

    @precondition(lambda self: self.living)
    @rule(data=st.data())
    def kill(self, data):
        holder = data.draw(st.sampled_from(sorted(self.living)))
        self.living.discard(holder)

    @rule(span=st.sampled_from([1, 31, TERM.total_seconds() + 1, 4000]))
    def wait(self, span):
        self.time.pass_(seconds=span)

    @rule()
    def recover(self):
        recover.recover()

    @rule(again=st.booleans())
    def settle(self, again):
        job = Job.objects.order_by("id").first()
        if job is None:
            return
        if job.status == "failed":
            (settle.retry if again else settle.set_aside)(job.pk)
        else:
            with pytest.raises(JobNotFailed):
                settle.retry(job.pk)

    @rule()
    def sweep(self):
        before = set(Job.objects.values_list("pk", flat=True))
        over = self.time() - KEPT
        may_go = set(
            Job.objects.filter(finished__lt=over)
            .exclude(status__in=["waiting", "running"])
            .values_list("pk", flat=True)
        )
        sweep()
        gone = before - set(Job.objects.values_list("pk", flat=True))
        assert gone <= may_go
        self.asked -= gone

    @invariant()
    def nothing_is_lost(self):
        if hasattr(self, "asked"):
            assert set(Job.objects.values_list("pk", flat=True)) == self.asked

    @invariant()
    def done_is_done(self):
        if hasattr(self, "done"):
            assert not Job.objects.filter(pk__in=self.done).exclude(status="done").exists()

    @invariant()
    def a_key_has_one_place(self):
        slots = list(Job.objects.exclude(slot=None).values_list("kind", "slot"))
        assert len(slots) == len(set(slots))

    def teardown(self):
        """Left to itself, with workers that live, everything ends: done, or failed by its own error."""
        if not hasattr(self, "living"):
            return
        self.living.clear()
        for _ in range(len(self.asked) * finish.ATTEMPTS + 2):
            self.time.pass_(hours=2)
            job = claim("here:last")
            self.living.add("here:last")
            if job is not None:  # what was lost for the second time rests a while first
                assert finish.succeed(job, "here:last", "")
        assert set(Job.objects.values_list("status", flat=True)) <= {"done", "failed"}


def test_every_order_of_events(db, bound, time_, monkeypatch):
    machine = type("Bound", (Queue,), {"time": time_, "monkeypatch": monkeypatch})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
