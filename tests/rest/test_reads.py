"""Protects reading: pages that miss nothing, names only for those who may see them, and every look kept."""

import json
from urllib.parse import urlencode

import pytest
from django.test import Client
from ledger.search_cases import caught_up
from rest.conftest import ACT, Asking

from estime.ledger import following
from estime.people.models import Look


def batch(count: int, **fields: object) -> list[dict[str, object]]:
    return [
        {
            **ACT,
            "id": f"a{n}",
            "actor": f"u{n % 3}",
            "published": f"2026-03-01T{n // 60:02}:{n % 60:02}:00Z",
            **fields,
        }
        for n in range(count)
    ]


def note(name: str, text: str) -> dict[str, object]:
    return {**ACT, "id": name, "object": {"id": name, "type": "Note", "content": text}}


def sent(program: Asking, acts: object, query: str = "?channel=forum") -> None:
    """Send acts, and have them found: the index follows the ledger."""
    assert program.send(acts, query).status_code == 200
    caught_up()


def walk(program: Asking, path: str) -> list[dict]:
    """Every act of a list, page by page, by the header Link; a list that follows the ledger ends with an empty page."""
    found: list[dict] = []
    for _ in range(100):
        answer = program.get(path)
        assert answer.status_code == 200, answer.content
        page = answer.json()
        found += page["acts"]
        assert (page["next"] is None) == ("Link" not in answer)
        if page["next"] is None or ("order=ledger" in path and not page["acts"]):
            return found
        path = answer["Link"].partition(">")[0].removeprefix("</api/v1")
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("order", ["newest", "ledger"])
@pytest.mark.parametrize("window", [7, 20_000])
def test_pages_show_each_act_once(asking, order, window, monkeypatch):
    monkeypatch.setattr(following, "WINDOW", window)
    program = asking()
    sent(program, batch(50))
    found = [act["source_id"] for act in walk(program, f"/acts?limit=9&order={order}")]
    wanted = [f"a{n}" for n in range(50)]
    assert found == (wanted if order == "ledger" else wanted[::-1])


def test_filters(asking, monkeypatch):
    monkeypatch.setattr(following, "WINDOW", 10)
    program = asking()
    sent(program, batch(30))
    sent(program, batch(5, type="Like"), "?channel=chat")
    assert len(walk(program, "/acts?channel=forum")) == 30
    assert len(walk(program, "/acts?type=Like&type=Join")) == 5
    assert len(walk(program, "/acts?type=Join")) == 0
    times = walk(program, "/acts?since=2026-03-01T00:10:00Z&until=2026-03-01T01:12:00%2B01:00&channel=forum")
    assert sorted(act["source_id"] for act in times) == ["a10", "a11"]


def test_texts_are_searched_as_on_the_page(asking):
    """The same words find the same acts; who may not see people looks for none, and is told so."""
    program = asking()
    texts = (
        "L’idée du couvercle", "une Idee de @marie", "rien du tout", "the lid is an idea", "idée du couvercle de m@x.f",
    )  # fmt: skip
    sent(program, [note(f"t{n}", text) for n, text in enumerate(texts)])
    sent(program, [note("s", "idée")], "?channel=shop")
    bare = asking("acts:read")
    for text, names in (
        ("idee", "s t0 t1 t4"), ("idée -marie", "s t0 t4"), ('"du couvercle" idée', "t0 t4"), ("couv*", "t0 t4"),
        ("!? idée", "s t0 t1 t4"), ("nothing", ""),
    ):  # fmt: skip
        path = "/acts?" + urlencode({"text": text})
        assert sorted(act["source_id"] for act in walk(bare, path + "&limit=2")) == names.split(), text
    assert bare.get("/acts?" + urlencode({"text": "!? idée"})).json()["ignored"] == ["!?"]
    shop = asking("acts:read", channel="shop").get("/acts?" + urlencode({"text": "idee"})).json()
    assert [act["source_id"] for act in shop["acts"]] == ["s"]
    for who, found, ignored in ((bare, ["t0", "t1", "t4", "s"], ["@marie"]), (program, ["t1"], [])):
        told = who.get("/acts?" + urlencode({"text": "idée @marie"})).json()
        assert sorted(act["source_id"] for act in told["acts"]) == sorted(found)
        assert told["ignored"] == ignored


def test_texts_name_nobody_to_whoever_may_not_see_people(asking):
    """As on pages: a mention in a text says who somebody is just as a handle does."""
    text = "Merci @marie, écris à paul@example.org"
    sent(asking(), [note("x", text)])
    for order in ("newest", "ledger"):
        (act,) = asking("acts:read").get(f"/acts?order={order}").json()["acts"]
        assert act["content"] == "Merci @…, écris à @…"
        assert asking("acts:read").get(f"/acts/{act['id']}").json()["content"] == act["content"]
        (act,) = asking("acts:read", "persons:read").get(f"/acts?order={order}").json()["acts"]
        assert act["content"] == text


def test_a_list_says_how_far_it_is(asking):
    """What came in since the index was filled is told to be missing, not passed over in silence."""
    program = asking()
    sent(program, batch(2))
    assert program.get("/acts").json()["behind"] is False
    program.send(batch(3))
    told = program.get("/acts").json()
    assert (len(told["acts"]), told["behind"]) == (2, True)
    assert len(program.get("/acts?order=ledger").json()["acts"]) == 3
    assert program.get("/acts?order=ledger").json()["behind"] is False


def test_a_page_costs_as_many_queries_however_much_is_on_it(asking, django_assert_max_num_queries):
    program = asking()
    sent(program, batch(40))
    program.get("/acts")
    for path in ("/acts?limit=40", "/acts?limit=40&text=cap", "/acts?order=ledger&limit=40"):
        with django_assert_max_num_queries(16):
            assert len(program.get(path).json()["acts"]) == 40


def test_who_follows_the_ledger_misses_nothing(asking):
    program = asking()
    sent(program, batch(3))
    page = program.get("/acts?order=ledger").json()
    assert len(page["acts"]) == 3
    assert program.get(f"/acts?order=ledger&cursor={page['next']}").json()["acts"] == []
    sent(program, batch(5))
    later = program.get(f"/acts?order=ledger&cursor={page['next']}").json()
    assert [act["source_id"] for act in later["acts"]] == ["a3", "a4"]


def test_a_cursor_is_for_its_question(asking):
    program = asking()
    sent(program, batch(5))
    cursor = program.get("/acts?limit=2").json()["next"]
    for path in (
        f"/acts?cursor={cursor}x",
        f"/acts?type=Like&cursor={cursor}",
        "/acts?cursor=a:b",
        "/acts?cursor=é",
    ):
        answer = program.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "bad-cursor"), path


def test_names_are_for_those_who_may_see_persons(asking):
    sent(asking(), [{**ACT, "estime:onBehalfOf": "brand", "mood": "fine"}])
    act = asking("acts:read").get("/acts").json()["acts"][0]
    assert act["handle"] is act["on_behalf_of"] is act["extra"] is None
    assert act["account"].isdigit()
    named = asking("acts:read", "persons:read").get(f"/acts/{act['id']}").json()
    assert (named["handle"], named["on_behalf_of"], named["extra"]) == ("marie", "brand", {"mood": "fine"})
    assert asking("acts:read", role="analyst").get(f"/acts/{act['id']}").json()["handle"] is None


def test_a_person_and_their_looks(asking):
    program = asking()
    sent(program, batch(9))
    account = asking("acts:read").get("/acts").json()["acts"][0]["account"]
    assert not Look.objects.exists(), "without names nobody was looked at"
    told_of = program.get(f"/persons/{account}").json()
    assert (told_of["handle"], told_of["acts"]) == ("u2", {"Create": 3})
    assert told_of["first_act"] < told_of["last_act"]
    acts = walk(program, f"/persons/{account}/acts?limit=2")
    assert [act["source_id"] for act in acts] == ["a8", "a5", "a2"]
    assert list(Look.objects.values_list("account", "where")) == [(int(account), "rest")], (
        "within minutes it is one look"
    )
    found = program.client.post(
        "/api/v1/persons/find",
        json.dumps({"channel": "forum", "handle": "u2"}),
        content_type="application/json",
    )
    assert found.json() == {"account": account, "channel": "forum"}


@pytest.mark.parametrize("account", ["1", "0", "-1", "x", "9" * 30, "²"])
def test_nobody_is_nobody(asking, account):
    for path in (f"/persons/{account}", f"/persons/{account}/acts"):
        assert asking().get(path).status_code == 404
    assert not Look.objects.exists()


def test_a_token_of_a_channel_sees_no_other(asking, stored):
    everywhere = asking()
    sent(everywhere, batch(3))
    act = everywhere.get("/acts").json()["acts"][0]
    sent(everywhere, [{**ACT, "id": "s"}], "?channel=shop")
    program = asking(channel="shop")
    assert {a["channel"] for a in program.get("/acts").json()["acts"]} == {"shop"}
    assert [c["name"] for c in program.get("/channels").json()["channels"]] == ["shop"]
    for path in (f"/acts/{act['id']}", f"/persons/{act['account']}", f"/persons/{act['account']}/acts"):
        assert program.get(path).status_code == 404, path
    for path in ("/acts?channel=forum", "/figures?scope=*", "/figures/measures?scope=forum", "/readouts/*"):
        assert program.get(path).json()["code"] == "channel-not-allowed", path
    assert program.get("/readouts").json()["scopes"] == []
    found = program.client.post(
        "/api/v1/persons/find", {"channel": "forum", "handle": "u2"}, content_type="application/json"
    )
    assert found.status_code == 403


def test_an_answer_that_one_has_is_not_sent_again(asking, stored):
    program = asking()
    for path in ("/acts", "/figures", "/readouts/*", "/me", "/channels"):
        first = program.get(path)
        again = program.get(path, headers={"if-none-match": f'"other", {first["ETag"]}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert again["ETag"] == first["ETag"]
        assert program.get(path, headers={"if-none-match": '"other"'}).status_code == 200
        assert first["Cache-Control"] == "private, no-cache"


def test_figures_come_page_by_page(asking, stored):
    program = asking()
    whole = program.get("/figures?scope=*&limit=5000").json()
    assert whole["next"] is None
    assert whole["edition"]
    parts: list[dict] = []
    path = "/figures?limit=7"
    while path:
        answer = program.get(path)
        parts += answer.json()["figures"]
        path = answer["Link"].partition(">")[0].removeprefix("</api/v1") if "Link" in answer else ""
    assert parts == whole["figures"]
    measures = {row["measure"]: row["figures"] for row in program.get("/figures/measures").json()["measures"]}
    assert sum(measures.values()) == len(parts)
    name = next(iter(measures))
    some = program.get(f"/figures?measure={name}").json()["figures"]
    assert {figure["measure"] for figure in some} == {name}
    dated = [f["period"] for f in parts if f["period"]]
    middle = sorted(dated)[len(dated) // 2]
    later = program.get(f"/figures?since={middle}&limit=5000").json()["figures"]
    assert len(later) == sum(period >= middle for period in dated)


def test_a_readout_is_told_in_a_language(asking, stored):
    program = asking()
    scopes = [row["scope"] for row in program.get("/readouts").json()["scopes"]]
    assert "*" in scopes
    french = program.get("/readouts/*", headers={"accept-language": "fr-CA,fr;q=0.9,en;q=0.5"})
    english = program.get("/readouts/*?lang=en", headers={"accept-language": "fr"})
    assert (french.json()["lang"], english.json()["lang"]) == ("fr", "en")
    assert french["Content-Language"] == "fr"
    assert french.json()["truth"] != english.json()["truth"]
    assert program.get("/readouts/nowhere").status_code == 404


def test_without_figures_there_are_none(asking):
    program = asking()
    assert program.get("/figures").json()["figures"] == []
    assert program.get("/readouts").json() == {"edition": None, "scopes": []}
    assert program.get("/readouts/*").status_code == 404


def test_a_session_opens_nothing(db, client: Client):
    from rest.conftest import person

    client.force_login(person())
    assert client.get("/en/tokens/").status_code == 200
    assert client.get("/api/v1/me").status_code == 401
    assert client.get("/api/v1/openapi.json").status_code == 200


def test_a_list_with_names_is_a_look_at_each(asking):
    program = asking()
    sent(program, batch(9))
    program.get("/acts?limit=2")
    assert Look.objects.count() == 2
    act = asking("acts:read").get("/acts").json()["acts"][0]
    program.get(f"/acts/{act['id']}")
    assert set(Look.objects.values_list("where", flat=True)) == {"rest"}
    assert Look.objects.filter(account=int(act["account"])).count() == 1, "within minutes it is one look"
