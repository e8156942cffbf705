"""Protects a request that is sent many times at the same moment: its key makes one thing, on both databases."""

from threading import Barrier, Thread

from django.db import connection
from rest.cocreation.conftest import Program

from estime.cocreation.api import Comment


def test_the_same_at_the_same_moment_is_made_once(on_both, place):
    """Eight requests with one key arrive together, on both databases: one comment, the same number for all."""
    here = place()
    at, barrier, told = f"/challenges/{here.challenge.pk}/comments", Barrier(8), []
    anna = Program(here.anna)

    def send() -> None:
        barrier.wait()
        told.append(anna.post(at, {"body": "Good."}, headers={"idempotency-key": "k-1"}))
        connection.close()

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in told} == {201}, [answer.content for answer in told]
    assert len({answer.json()["id"] for answer in told}) == Comment.objects.count() == 1
