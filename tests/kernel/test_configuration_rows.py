"""Lists of tables in estime.toml, changed one by one: what people wrote around them stays, and nothing else changes."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estime.kernel.configuration_edit import ConfigurationTangled, Row, RowUnknown, edited

TOML = """# Ours
[listening.about]
forum = "Gourde Lune"   # most of it

# the one that everybody buys
[[listening.targets]]
kind = "product"   # not the brand
name = "Gourde Lune"
aliases = ["Moon flask"]   # in English

# a carrier
[[listening.targets]]
kind = "third_party"
name = "Colivite"

# Reports
[report]
front = "forum"
"""
KEY = "listening.targets"


def comments(text: str) -> list[str]:
    return [line.partition("#")[2].strip() for line in text.splitlines() if "#" in line]


def test_one_more_stands_at_the_end_of_the_list():
    new = {"kind": "brand", "name": "Maison", "exact": ["MG"]}
    text, changes = edited(TOML, {KEY: Row(None, new)})
    assert changes == {KEY: ([], [new])}, "of a long list, only what changed is recorded"
    assert text == TOML.replace(
        "# Reports",
        '[[listening.targets]]\nkind = "brand"\nname = "Maison"\nexact = ["MG"]\n\n# Reports',
    )


def test_a_change_touches_what_is_changed():
    now = {"kind": "product", "name": "Gourde Lune 2", "aliases": ["Moon flask"]}
    text, changes = edited(
        TOML, {KEY: Row("Gourde Lune", now), "listening.about": {"forum": "Gourde Lune 2"}}
    )
    assert text == TOML.replace('"Gourde Lune"', '"Gourde Lune 2"')
    assert changes[KEY][1] == [now]
    assert edited(TOML, {KEY: Row("Colivite", {"kind": "third_party", "name": "Colivite"})}) == (TOML, {})


@pytest.mark.parametrize("name", ["Gourde Lune", "Colivite"])
def test_what_is_taken_out_leaves_what_was_written_about_others(name: str):
    text, changes = edited(TOML, {KEY: Row(name, None)})
    assert [one["name"] for one in tomllib.loads(text)["listening"]["targets"]] == [
        {"Gourde Lune": "Colivite", "Colivite": "Gourde Lune"}[name]
    ]
    assert changes[KEY][1] == []
    assert {"Ours", "a carrier", "Reports"} <= set(comments(text))
    assert text.index("# Reports") == text.index("[report]") - len("# Reports\n")


def test_the_last_one_takes_the_list_with_it():
    text, _ = edited(TOML, {KEY: Row("Gourde Lune", None), "listening.about": None})
    text, _ = edited(text, {KEY: Row("Colivite", None)})
    assert "listening" not in {key for key, value in tomllib.loads(text).items() if value}
    assert comments(text)[-1] == "Reports"
    assert edited("", {KEY: Row(None, {"kind": "brand", "name": "A"})})[0].startswith("[[listening.targets]]")


def test_one_that_is_not_there_is_said():
    with pytest.raises(RowUnknown):
        edited(TOML, {KEY: Row("Nobody", None)})


def test_a_file_in_which_it_cannot_be_done_without_touching_the_rest_stays_as_it_is(monkeypatch):
    monkeypatch.setattr(
        "estime.kernel.configuration_edit.tomlkit.dumps", lambda _: TOML.replace("forum", "x")
    )
    with pytest.raises(ConfigurationTangled):
        edited(TOML, {KEY: Row("Colivite", None)})


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
rows = st.lists(
    st.fixed_dictionaries({"kind": st.sampled_from(["brand", "product"]), "name": names}, optional={
        "aliases": st.lists(names, max_size=5)}),
    max_size=4, unique_by=lambda one: one["name"],
)  # fmt: skip
STARTS = (
    TOML,
    "",
    '[listening]\ntargets = [{ kind = "brand", name = "A" }]\n[brand]\nname = "x"\n',
    '[listening]\nask = true\n[brand]\nname = "x"\n[[listening.targets]]\nkind = "brand"\nname = "A"',
)


@given(st.sampled_from(STARTS), rows, st.data())
def test_whatever_is_asked_for_the_file_says_just_that(text: str, asked: list[dict], data: st.DataObject):
    want = list(tomllib.loads(text).get("listening", {}).get("targets", []))
    before = tomllib.loads(text)
    for one in asked:
        here = [known["name"] for known in want]
        name = data.draw(st.sampled_from([None, *here]))
        value = None if name is not None and data.draw(st.booleans()) else one
        if value is not None and value["name"] in set(here) - {name}:
            continue
        text, _ = edited(text, {KEY: Row(name, value)})
        place = None if name is None else here.index(name)
        want[len(want) if place is None else place : len(want) if place is None else place + 1] = (
            [] if value is None else [value]
        )
        told = tomllib.loads(text)
        assert told.get("listening", {}).get("targets", []) == want
        assert {k: v for k, v in told.items() if k != "listening"} == {
            k: v for k, v in before.items() if k != "listening"
        }
