"""Protects the whole loop over REST alone: a challenge set up, lived, decided, voted on, and what became of it."""

from datetime import timedelta

from cocreation.places import BRIEF, DEAL, calendar

from estime.kernel import clock


def ok(answer, status=200):
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_challenge_set_up_opened_and_changed_after(place, program):
    """What a lead does on the pages of the set-up, and what still changes afterwards."""
    here = place()
    lead = program(here.lea)
    now = clock.now().replace(microsecond=0)
    space = ok(lead.post("/spaces", {"title": "Caps", "slug": "caps", "public": True}), 201)
    assert space["slug"] == "caps"
    assert ok(lead.put("/spaces/caps", {"title": "Caps!", "public": True}))["title"] == "Caps!"
    made = ok(lead.post("/spaces/caps/challenges", {"title": "A cap for everybody", "power": "answer"}), 201)
    number = made["id"]
    refused = lead.post(f"/challenges/{number}/open")
    assert (refused.status_code, refused.json()["code"]) == (409, "challenge-not-ready")
    assert {"problem", "deal", "phases"} <= set(refused.json()["data"]["missing"])
    phases = [
        {"kind": kind, "starts": starts, "ends": ends}
        for kind, (starts, ends) in calendar("propose", now).items()
    ]
    ok(
        lead.put(
            f"/challenges/{number}",
            {"title": "A cap", "power": "answer", **BRIEF, "answer_by": now + timedelta(90)},
        )
    )
    told = ok(lead.put(f"/challenges/{number}/phases", {"phases": phases}))
    assert [each["kind"] for each in told["phases"]] == ["propose", "build", "vote", "decide", "made"]
    assert ok(lead.post(f"/challenges/{number}/deals", DEAL._asdict()))["deals"][0]["version"] == 1
    assert ok(lead.get(f"/challenges/{number}/check"))["lacks"] == []
    assert program(None).get(f"/challenges/{number}").status_code == 404
    entry = ok(lead.post(f"/challenges/{number}/backstage", {"title": "Drawings", "body": "See."}), 201)
    assert (
        ok(lead.put(f"/challenges/{number}/backstage/{entry['id']}", {"title": "Plans"}))["title"] == "Plans"
    )
    assert ok(lead.post(f"/challenges/{number}/open"))["phase"] == "propose"
    assert ok(lead.post(f"/challenges/{number}/open"))["opened"], "again is harmless"
    locked = lead.put(f"/challenges/{number}", {"title": "Another"})
    assert (locked.status_code, locked.json()["code"]) == (409, "rules-locked")
    until = now + timedelta(days=20)
    longer = {"phase": "propose", "until": until, "reason": "Many are on holiday."}
    told = ok(lead.post(f"/challenges/{number}/extensions", longer))
    assert told["phases"][0]["extensions"][0]["reason"] == "Many are on holiday."
    assert ok(program(None).get("/spaces/caps/challenges?state=running"))["challenges"][0]["id"] == number
    assert number in [each["id"] for each in ok(lead.get("/challenges/led"))["challenges"]]
    stopped = ok(lead.put(f"/challenges/{number}/cancellation", {"reason": "The maker closed."}))
    assert stopped["cancel_reason"] == "The maker closed."


def test_members_give_and_build_together(place, program):
    """Draft, publish, improve, adopt, support, follow, bring a co-author in, withdraw."""
    here = place()
    anna, ben, number = program(here.anna), program(here.ben), here.challenge.pk
    key = "0190f3c4-0000-7000-8000-000000000001"
    draft = ok(anna.put(f"/drafts/{key}", {"challenge": number, "title": "A click"}))
    words = {"title": "A click", "body": "It clicks.", "saved": draft["saved"]}
    assert ok(anna.put(f"/drafts/{key}", words))["saved"] == draft["saved"] + 1
    stale = anna.put(f"/drafts/{key}", {"title": "Older", "saved": 0})
    assert (stale.status_code, stale.json()["code"]) == (409, "changed-meanwhile")
    assert [each["id"] for each in ok(anna.get("/drafts"))["drafts"]] == [key]
    refused = anna.post(f"/drafts/{key}/publish", {})
    assert (refused.status_code, refused.json()["data"]) == (409, {"deal": 1})
    one = ok(anna.post(f"/drafts/{key}/publish", {"deal": 1}))
    assert (one["title"], one["writes"], one["authors"][0]["name"]) == ("A click", True, "Anna Weber")
    assert ok(anna.post(f"/drafts/{key}/publish", {}))["id"] == one["id"], "published once"
    at = f"/contributions/{one['id']}"
    offer = {"title": "A click", "body": "It clicks when shut.", "base": 1}
    refused = ben.post(f"{at}/comments", {"body": "Better so.", "offer": offer})
    assert (refused.status_code, refused.json()["code"]) == (409, "deal-not-accepted")
    said = ok(ben.post(f"{at}/comments", {"body": "Better so.", "offer": {**offer, "deal": 1}}), 201)
    edit = said["edit"]["id"]
    assert ok(ben.get(f"/edits/{edit}"))["difference"]["blocks"]
    assert ben.post(f"/edits/{edit}/adopt", {}).status_code == 403
    assert ok(anna.post(f"/edits/{edit}/adopt", {}))["version"] == 2
    told = ok(ben.get(at))
    assert (told["body"], [each["name"] for each in told["contributors"]]) == (
        "It clicks when shut.",
        ["Ben Okafor"],
    )
    compared = ok(ben.get(f"{at}/versions/2/difference"))
    assert "when shut" in str(compared["difference"])
    assert ok(anna.post(f"{at}/versions", {**offer, "body": "It clicks, once.", "base": 2}))["number"] == 3
    assert ok(ben.put(f"{at}/support")) == {"holds": True, "count": 1}
    assert ok(ben.put(f"{at}/support")) == {"holds": True, "count": 1}
    assert ok(ben.delete(f"{at}/support")) == {"holds": False, "count": 0}
    assert ok(ben.put(f"{at}/follow"))["holds"]
    assert not ok(ben.delete(f"{at}/follow"))["holds"]
    (found,) = ok(anna.post("/members/find", {"name": "Be", "contribution": one["id"]}))["people"]
    assert ok(anna.post(f"{at}/authors", {"handle": found["handle"]}))["authors"][1]["state"] == "invited"
    assert ok(ben.get("/me/invitations"))["invitations"][0]["id"] == one["id"]
    assert ok(ben.put(f"{at}/authors/me", {}))["writes"]
    assert anna.put(f"{at}/withdrawal").status_code == 409, "others write it too"
    ok(ben.delete(f"{at}/authors/me"))
    built = ok(
        ben.post(
            f"/challenges/{number}/contributions", {"title": "Two", "body": "Two.", "built_on": one["id"]}
        ),
        201,
    )
    assert built["built_on"] == {"id": one["id"], "title": "A click"}
    listed = ok(program(None).get(f"/challenges/{number}/contributions"))["contributions"]
    assert [each["id"] for each in listed] == [built["id"], one["id"]]
    assert ok(ben.post(f"/challenges/{number}/similar", {"title": "a clik"}))["similar"][0]["id"] == one["id"]
    notices = ok(anna.get("/me/notices"))["notices"]
    assert {"edit_offered", "supported", "built_on"} & {each["kind"] for each in notices}
    assert {each["title"] for each in notices} == {"A click"}
    gone = ok(anna.put(f"{at}/withdrawal"))
    assert gone["state"] == "withdrawn"
    assert ok(program(None).get(at))["body"] is None
    mine = ok(anna.get("/me/contributions"))
    assert {"wrote"} <= set(mine["contributions"][0]["gifts"])
    assert ok(anna.get("/me/notices"))["notices"] == [], "of what does not stand any more, nothing"


def test_threads(place, program):
    """Answers, rewording, taking back: a thread keeps its shape, and a page shows each once."""
    here = place()
    anna, ben = program(here.anna), program(here.ben)
    at = f"/challenges/{here.challenge.pk}/comments"
    roots = [ok(anna.post(at, {"body": f"Word {n}"}), 201)["id"] for n in range(5)]
    answers = [ok(ben.post(at, {"body": f"Yes {n}", "parent": roots[0]}), 201)["id"] for n in range(5)]
    first = ok(program(None).get(f"{at}?limit=3"))
    second = ok(program(None).get(f"{at}?limit=3&cursor={first['next']}"))
    threads = first["threads"] + second["threads"]
    assert [each["comment"]["id"] for each in threads] == roots[::-1]
    assert second["next"] is None
    assert (len(threads[-1]["answers"]), threads[-1]["more"]) == (3, 2)
    assert [each["id"] for each in ok(ben.get(f"/comments/{answers[2]}"))["answers"]] == answers
    assert ok(ben.put(f"/comments/{answers[0]}", {"body": "Yes, @Anna Weber."}))["mentions"]
    assert anna.put(f"/comments/{answers[0]}", {"body": "No"}).status_code == 403
    assert ok(ben.delete(f"/comments/{answers[0]}"))["state"] == "withdrawn"
    shown = ok(program(None).get(f"/comments/{roots[0]}"))["answers"][0]
    assert (shown["body"], shown["state"]) == (None, "withdrawn")


def test_a_question_is_asked_joined_answered_and_said_of(place, program):
    here = place()
    here.space.threshold = 2
    here.space.save()
    anna, ben, remi = program(here.anna), program(here.ben), program(here.remi)
    asked = ok(anna.post(f"/spaces/{here.space.slug}/questions", {"title": "Why glue?"}), 201)
    at = f"/questions/{asked['id']}"
    assert remi.put(f"{at}/join").status_code == 403
    assert ok(ben.put(f"{at}/join")) == {"holds": True, "count": 2}
    owed = ok(program(None).get(f"/spaces/{here.space.slug}/questions?order=owed"))["questions"]
    assert [each["id"] for each in owed] == [asked["id"]]
    assert anna.delete(at).status_code == 409, "enough people ask it"
    told = ok(remi.post(f"{at}/answers", {"body": "It can be opened again."}), 201)
    assert told["answers"][0]["by"] == {
        "name": "Rémi Faure",
        "speaks_for": told["answers"][0]["by"]["speaks_for"],
    }
    pledge = ok(remi.post(f"{at}/pledges", {"what": "A try", "due": clock.now() + timedelta(9)}), 201)
    later = {"what": "A try", "due": clock.now() + timedelta(19)}
    moved = ok(remi.put(f"/pledges/{pledge['id']}/replacement", later))
    assert ok(anna.get(f"/pledges/{pledge['id']}"))["replaced_by"] == moved["id"]
    assert ok(remi.put(f"/pledges/{moved['id']}/kept", {"words": "Tried."}))["state"] == "kept"
    assert ok(anna.put(f"{at}/considered", {"says": "part"})) == {"says": "part"}
    whole = ok(anna.get(at))
    assert (whole["says"], whole["asks"], len(whole["pledges"])) == ("part", True, 2)
    assert ok(ben.delete(f"{at}/join"))["count"] == 1


def test_decided_promised_and_made(place, program):
    here = place()
    anna, lead = program(here.anna), program(here.lea)
    one = ok(
        anna.post(f"/challenges/{here.challenge.pk}/contributions", {"title": "A", "body": "B", "deal": 1}),
        201,
    )
    at = f"/contributions/{one['id']}"
    words = {"outcome": "taken", "reason": "It holds in our tests.", "lives_on": "The click."}
    due = {"what": "On the shelf", "due": clock.now() + timedelta(9)}
    assert anna.post(f"{at}/decisions", words).status_code == 403
    told = ok(lead.post(f"{at}/decisions", {**words, "seen": 0, "promise": due}), 201)
    assert (told["decisions"][0]["outcome"], told["pledges"][0]["what"]) == ("taken", "On the shelf")
    again = lead.post(f"{at}/decisions", {**words, "reason": "Otherwise.", "seen": 0})
    assert again.json()["code"] == "changed-meanwhile"
    number = told["decisions"][0]["id"]
    assert ok(anna.put(f"/decisions/{number}/considered", {"says": "yes"})) == {"says": "yes"}
    listed = ok(program(None).get(f"/challenges/{here.challenge.pk}/decisions?outcome=taken"))["decisions"]
    assert listed[0]["contribution"] == {"id": one["id"], "title": "A"}
    sources = ok(lead.get(f"/challenges/{here.challenge.pk}/sources"))["sources"]
    assert [each["contribution"]["id"] for each in sources] == [one["id"]]
    made = {"title": "The lid", "made": "2026-01-01", "sources": [{"contribution": one["id"]}]}
    outcome = ok(lead.post(f"/challenges/{here.challenge.pk}/outcomes", made), 201)
    (source,) = ok(program(None).get(f"/outcomes/{outcome['id']}"))["sources"]
    assert (source["by"]["name"], source["relation"]) == ("Anna Weber", "taken")
    assert ok(program(None).get(f"/outcomes/{outcome['id']}"))["options"] == []
    became = ok(anna.get("/me/contributions"))["contributions"][0]
    assert "Taken up" in became["became"]
    assert ok(program(None).get(f"/spaces/{here.space.slug}/events"))["events"]
    assert ok(program(None).get(f"/spaces/{here.space.slug}/power"))["opened"] == 1
    assert ok(anna.put("/me/digest", {"rhythm": "daily"}))["rhythm"] == "daily"
