"""Protects leaving for good over REST: the one scope, the owner alone, never by a slip."""

from estime.jobs.models import Job
from estime.people import api as people
from estime.people.models import User


def test_whoever_sends_their_own_address_has_left(place, program):
    here = place()
    anna, ben = here.anna.user.email, here.ben.user.email
    by = program(here.anna)
    for told in (None, {}, {"address": ""}, {"address": ben}, {"address": anna, "user": here.ben.pk}):
        assert by.post("/me/leave", told).status_code in (400, 422)
    assert by.get("/me/leave").status_code == 405
    assert program(here.anna, "spaces:write").post("/me/leave", {"address": anna}).status_code == 403
    assert not Job.objects.filter(kind="leave").exists()
    answer = by.post("/me/leave", {"address": anna.upper()})
    assert (answer.status_code, answer.json()) == (202, {"left": True})
    assert by.post("/me/leave", {"address": anna}).status_code == 401, "once more"
    assert set(User.objects.filter(is_active=False)) == {here.anna.user}
    assert Job.objects.filter(kind="leave").count() == 1


def test_the_only_administrator_is_told_what_to_do_first(place, program):
    here = place()
    by = program(here.alix)
    answer = by.post("/me/leave", {"address": here.alix.user.email})
    assert (answer.status_code, answer.json()["code"]) == (409, "last-administrator")
    people.login_make("second@example.org", "administrator")
    assert by.post("/me/leave", {"address": here.alix.user.email}).status_code == 202


def test_a_token_that_can_end_everything_is_given_by_whoever_has_shown_who_they_are(place, client):
    here = place()
    client.force_login(here.anna.user)
    told = {"name": "x", "scopes": ["me:leave"], "days": "30", "once": "1", "channel": ""}
    answer = client.post("/en/tokens/", told)
    assert answer.status_code == 422
    assert "Leave and erase" in answer.content.decode()
