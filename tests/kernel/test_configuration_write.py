"""Writing estime.toml: what people wrote stays, and the file is whole and valid whatever is asked for."""

import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estime.kernel.configuration import Configuration
from estime.kernel.configuration_write import (
    ConfigurationChanged,
    SettingsInvalid,
    configuration_change,
    configuration_version,
)
from estime.kernel.home import make_home

names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "brand.name": st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
        "brand.accent": st.sampled_from(["#7a1f5c", None, "red"]),
        "brand.accounts": st.lists(st.fixed_dictionaries({"channel": names, "handle": names}), max_size=5)
        | st.none(),
        "measures.weights": st.dictionaries(names, st.floats(0, 100), max_size=5) | st.none(),
        "measures.half_life_days": st.floats(-1, 100),
        "site.languages": st.lists(st.sampled_from(["fr", "en", "de"]), max_size=3),
        "privacy.person_affect": st.booleans(),
    },
)


@pytest.fixture
def path(_home):
    return make_home() / "estime.toml"


def change(values, version=None):
    with configuration_change(values, version or configuration_version()) as told:
        told.put()
    return told.changes


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=3))
def test_whatever_is_asked_for_the_file_stays_valid_and_says_it(path, asked):
    path.write_text("# mine\n[report]\nfront = 'forum' # why\n")
    for values in asked:
        before = path.read_text()
        try:
            change(values)
        except SettingsInvalid as error:
            assert error.data["errors"] or error.message
            assert path.read_text() == before
            continue
        told = tomllib.loads(path.read_text())
        Configuration.model_validate(told)
        for key, value in values.items():
            section, _, name = key.partition(".")
            assert told.get(section, {}).get(name) == value
        assert path.read_text().startswith("# mine\n[report]\nfront = 'forum' # why\n")


def test_a_file_that_is_not_there_yet_is_made(path):
    assert change({"brand.name": "Gourde"}) == {"brand.name": (None, "Gourde")}
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_default_is_taken_out_again(path):
    path.write_text('[brand]\nname = "A"\naccent = "#000000"\n')
    assert change({"brand.accent": None, "brand.name": "A"}) == {"brand.accent": ("#000000", None)}
    assert path.read_text() == '[brand]\nname = "A"\n'


def test_a_change_that_is_not_put_is_none(path):
    path.write_text('[brand]\nname = "A"\n')
    with configuration_change({"brand.name": "B"}, configuration_version()):
        pass
    assert path.read_text() == '[brand]\nname = "A"\n'
    assert not list(path.parent.glob(".estime.toml.new"))


def test_an_older_version_is_refused(path):
    version = configuration_version()
    change({"brand.name": "A"})
    with pytest.raises(ConfigurationChanged):
        change({"brand.name": "B"}, version)
