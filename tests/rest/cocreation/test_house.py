"""Protects what keeps a house in order, over REST: bringing together and undoing it, reports, hiding, appeals."""

import io
import zipfile
from datetime import timedelta

from cocreation.writing import given, said

from estime.cocreation.models import Hint
from estime.kernel import clock


def ok(answer, status=200):
    assert answer.status_code == status, answer.content
    return answer.json()


def test_brought_together_agreed_and_undone(place, program):
    """The whole loses nothing and gives everything back."""
    here = place()
    one, other = given(here, here.anna, "A click", "It clicks."), given(here, here.ben, "A snap", "It snaps.")
    anna, ben, chloe = program(here.anna), program(here.ben), program(here.chloe)
    for member in (anna, chloe):
        ok(member.put(f"/contributions/{other.pk}/support"))
    ok(chloe.put(f"/contributions/{one.pk}/support"))
    begin = ok(chloe.get(f"/contributions/{one.pk}/merges/suggestion?part={other.pk}"))
    words = {**begin, "reason": "They are the same thought.", "parts": [other.pk]}
    refused = chloe.post(f"/contributions/{one.pk}/merges", words)
    assert (refused.status_code, refused.json()["data"]) == (409, {"deal": 1})
    merge = ok(chloe.post(f"/contributions/{one.pk}/merges", {**words, "deal": 1}), 201)
    at = f"/merges/{merge['id']}"
    assert merge["state"] == "proposed"
    assert ok(ben.get(at))["can"] == ["agree", "refuse"]
    assert program(here.dani).put(f"{at}/agreement").status_code == 403
    sides = ok(anna.put(f"{at}/agreement"))["sides"]
    assert [[each["name"] for each in side["missing"]] for side in sides] == [[], ["Ben Okafor"]]
    assert ok(ben.put(f"{at}/agreement"))["state"] == "agreed"
    told = ok(program(None).get(f"/contributions/{one.pk}"))
    assert ([each["id"] for each in told["parts"]], told["supports"]) == ([other.pk], 2), "each person once"
    assert [each["name"] for each in told["authors"]] == ["Anna Weber", "Ben Okafor"]
    assert told["contributors"] == []
    assert ok(program(None).get(f"/contributions/{other.pk}"))["together"]["id"] == one.pk
    assert [each["id"] for each in ok(anna.get(f"/contributions/{one.pk}/merges"))["merges"]] == [merge["id"]]
    back = {row["contribution"]["id"]: row["supports"] for row in ok(anna.get(f"{at}/undoing"))["rows"]}
    assert back == {one.pk: 1, other.pk: 2}
    assert ok(anna.put(f"{at}/undoing", {"reason": "They differ after all."}))["state"] == "undone"
    assert ok(anna.get(f"/contributions/{other.pk}"))["supports"] == 2


def test_a_lead_decides_and_is_contested(place, program):
    here = place()
    one, other = given(here, here.anna, "A click", "It clicks."), given(here, here.ben, "A snap", "It snaps.")
    lead, ben = program(here.lea), program(here.ben)
    begin = ok(lead.get(f"/contributions/{one.pk}/merges/suggestion?part={other.pk}"))
    words = {**begin, "reason": "They are the same thought.", "parts": [other.pk], "deal": 1}
    at = f"/merges/{ok(lead.post(f'/contributions/{one.pk}/merges', words), 201)['id']}"
    assert ben.put(f"{at}/decision", {"reason": "Mine."}).status_code == 403
    assert ok(lead.put(f"{at}/decision", {"reason": "Nobody answered."}))["state"] == "decided"
    told = ok(ben.post(f"{at}/contests", {"words": "I did not agree."}))
    contest = told["contests"][0]["id"]
    assert ben.put(f"/contests/{contest}/answer", {"answer": "No."}).status_code == 403
    answered = ok(lead.put(f"/contests/{contest}/answer", {"answer": "It stays, because …"}))["contests"][0]
    assert answered["name"] == "Léa Martin"


def test_reported_hidden_appealed_shown_again(place, program):
    """Named, counted, and answered by somebody else; who reported it is told to nobody."""
    here = place()
    one = given(here, here.anna)
    comment = said(here, here.ben, one, "You are all fools.").pk
    chloe, mo, lead, ben = (program(each) for each in (here.chloe, here.mo, here.lea, here.ben))
    thing = {"kind": "comment", "id": str(comment)}
    report = {**thing, "reason": "hateful"}
    assert program(here.ben).post("/reports", report).status_code == 403, "their own"
    first = ok(chloe.post("/reports", report), 201)
    assert ok(chloe.post("/reports", report), 201)["id"] == first["id"]
    queue = mo.get("/moderation/reports")
    assert ok(queue)["things"][0]["thing"] == str(comment)
    assert here.chloe.name.encode() not in queue.content
    assert chloe.post("/moderation/hidings", report).status_code == 403
    why = {**thing, "reason": "hateful", "words": "It insults people.", "criticism": False}
    hiding = ok(mo.post("/moderation/hidings", why), 201)
    shown = ok(program(None).get(f"/comments/{comment}"))["comment"]
    assert (shown["body"], shown["hidden"]["words"]) == (None, "It insults people.")
    assert ok(program(None).get(f"/spaces/{here.space.slug}/hidings"))["now"] == 1
    at = f"/hidings/{hiding['id']}"
    assert chloe.get(at).status_code == 404, "for its author and moderators"
    assert ok(ben.put(f"{at}/appeal", {"words": "I meant the lids."}))["appeal"]["settled"] is None
    assert ok(lead.get("/moderation/appeals"))["appeals"][0]["hiding"] == hiding["id"]
    assert mo.put(f"{at}/appeal/answer", {"answer": "No.", "granted": False}).status_code == 403, "who hid it"
    told = ok(lead.put(f"{at}/appeal/answer", {"answer": "You are right.", "granted": True}))
    assert (told["appeal"]["granted"], bool(told["lifted"])) == (True, True)
    assert ok(program(None).get(f"/comments/{comment}"))["comment"]["body"] == "You are all fools."
    second = given(here, here.anna, "Another", "Words.")
    ok(chloe.post("/reports", {"kind": "contribution", "id": str(second.pk), "reason": "repeated"}), 201)
    assert ok(mo.post("/moderation/kept", {"kind": "contribution", "id": str(second.pk)})) == {"settled": 1}


def test_hints_are_looked_at_and_every_deed_is_in_the_log(place, program):
    """Figures and people of a hint; whoever looked first; nothing of it is for members."""
    here = place()
    one, words = given(here, here.anna), here.at
    data = {"members": [here.anna.pk, here.ben.pk], "things": [f"contribution/{one.pk}"], "together": 5,
            "expected": 0.1, "chance": 0.0001, "minutes": 10, "false": 0, "shuffles": 100, "days": 60}  # fmt: skip
    ring = Hint.objects.create(space=here.space, kind="ring", sign="r", at=words, data=data)
    twins = {"things": [f"contribution/{one.pk}", "interpellation/7"], "number": 2}
    Hint.objects.create(space=here.space, kind="repeated", sign="t", at=words, data=twins)
    mo, lead = program(here.mo), program(here.lea)
    texts, people = ok(mo.get("/moderation/hints"))["hints"]
    assert texts["things"][1] == {"kind": "question", "thing": "7"}
    assert (texts["people"], texts["together"]) == ([], None)
    assert [each["name"] for each in people["people"]] == ["Anna Weber", "Ben Okafor"]
    assert {name: people[name] for name in data if name not in ("members", "things")} == {
        name: told for name, told in data.items() if name not in ("members", "things")
    }
    at = f"/moderation/hints/{ring.pk}/seen"
    assert program(here.anna).put(at, {"note": "Mine."}).status_code == 403
    assert ok(mo.put(at, {"note": "A couple."}))["seen_by"]["name"] == "Mo Haddad"
    assert ok(lead.put(at, {"note": "Again."}))["note"] == "A couple."
    assert mo.put("/moderation/hints/987654/seen", {}).status_code == 404
    assert [each["id"] for each in ok(mo.get("/moderation/hints?seen=true"))["hints"]] == [ring.pk]
    why = {
        "kind": "contribution",
        "id": str(one.pk),
        "reason": "repeated",
        "words": "Twice.",
        "criticism": False,
    }
    hiding = ok(mo.post("/moderation/hidings", why), 201)
    log = mo.get("/moderation/log")
    hidden, seen = ok(log)["deeds"]
    assert (hidden["deed"], hidden["hiding"], hidden["about"]) == (
        "hidden",
        hiding["id"],
        {"kind": "contribution", "thing": str(one.pk)},
    )
    assert (seen["deed"], seen["hint"], seen["about"]) == ("hint_seen", ring.pk, None)
    assert one.title.encode() not in log.content


def test_a_finished_challenge_is_open_data(place, program):
    """For whoever leads it, once it is over; nobody's name is in it."""
    here = place("made", at=clock.now() - timedelta(days=60))
    given_at = here.at - timedelta(days=40)
    here.at, at = given_at, f"/challenges/{here.challenge.pk}/data"
    given(here, here.anna, "A click", "It clicks.")
    assert program(here.anna).get(at).status_code == 404
    assert program(None).get(at).status_code == 401
    answer = program(here.lea).get(at)
    assert answer.status_code == 200, answer.content
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    told = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "A click" in told
    assert not [one.name for one in here.members if one.name in told]


def test_what_still_runs_is_not_given_away(place, program):
    here = place()
    answer = program(here.lea).get(f"/challenges/{here.challenge.pk}/data")
    assert (answer.status_code, answer.json()["code"]) == (409, "not-possible-now")
