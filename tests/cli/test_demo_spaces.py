"""Protects the demo's spaces: what is missing is made, what was stopped is completed, nothing is made twice."""

import tomllib
from pathlib import Path

import pytest
from cli.test_demo_story import SAMPLES

from estime.channels.challenges import importing
from estime.cli import demo_spaces
from estime.cli.demo_people import MEMBER, people_ensure
from estime.cocreation.models import Challenge, Poll, Space
from estime.kernel.home import make_home
from estime.people import api as people


@pytest.mark.django_db
def test_spaces_are_completed_and_made_once(monkeypatch):
    make_home()
    manifest = tomllib.loads((SAMPLES / "manifest.toml").read_text())
    manifest["conversations"] = ["polis-brexit"]
    monkeypatch.setattr("estime.cli.demo_story.story_ensure", lambda *_: False)
    steps: list[tuple[int, int]] = []
    administrator = people_ensure()

    def make() -> bool:
        return demo_spaces.spaces_ensure(SAMPLES, manifest, administrator, lambda *told: steps.append(told))

    real = importing.cocreation.challenge_bring

    def stopped(*words: object, **more: object) -> object:
        if Challenge.objects.exists():
            raise KeyboardInterrupt
        return real(*words, **more)

    with monkeypatch.context() as patched:
        patched.setattr(importing.cocreation, "challenge_bring", stopped)
        with pytest.raises(KeyboardInterrupt):
            make()
    assert Challenge.objects.count() == 1
    assert make()
    assert Challenge.objects.count() == 2
    assert not make()
    assert steps[-1] == (1, 1)
    space = Space.objects.get(slug=demo_spaces.SLUG)
    assert "CC BY 4.0" in space.attribution
    assert "MIT" in space.attribution
    assert set(Poll.objects.values_list("method", flat=True)) == {"groups", "pairwise"}
    assert not Poll.objects.filter(sealed=None).exists()
    brexit = Challenge.objects.get(channel="polis-brexit")
    assert "Computational Democracy" in brexit.known


def test_samples_carry_their_licences():
    for folder in ("polis", "pairs"):
        there = {path.name for path in Path(SAMPLES / folder).iterdir()}
        assert there & {"LICENSE", "ATTRIBUTION.md"}


@pytest.mark.django_db
def test_the_second_link_is_a_members():
    people_ensure()
    assert people.person_find(MEMBER) is None, "the story makes her"
