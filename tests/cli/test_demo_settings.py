"""The demo's settings: what it estimates of people, it says for what and on which basis, as any installation must."""

import tomllib
from importlib.resources import files

from estime.cli.commands.demo import _configuration
from estime.kernel.configuration import Configuration


def test_the_demo_says_what_it_estimates_places_for() -> None:
    manifest = tomllib.loads(files("estime.cli").joinpath("samples/manifest.toml").read_text("utf-8"))
    privacy = Configuration.model_validate(tomllib.loads(_configuration(manifest))).privacy
    assert privacy.person_affect
    assert "published" in privacy.purpose
    assert "GDPR" in privacy.legal_basis
    assert privacy.smallest_group == 10
    assert not privacy.sensitive_topics
