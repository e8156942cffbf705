"""One person's figures are the lake's: computed from the ledger when asked, or kept for people of very many acts."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from ledger.acts import rows
from ledger.search_cases import drafts

from estime.engagement import api, person
from estime.engagement.actions import digest_persons as digests
from estime.engagement.actions.refresh import installed_lake
from estime.engagement.models import PersonDigest
from estime.engagement.settings import Settings
from estime.engagement.tables import persons
from estime.engagement.tables.participation import lately
from estime.engagement.tables.prepare import prepare
from estime.kernel.engine import connect, read_lake
from estime.ledger import api as ledger
from estime.ledger.models import Account

pytestmark = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
SETTINGS = Settings()
Told = tuple[dict[int, float], Counter[str]]


@pytest.fixture
def lake_says(installed: Path) -> Iterator[Told]:
    """B and presence of everybody, from the lake's tables."""
    every = drafts(260, hours=30)
    ledger.append("forum", rows(*every[0::2]))
    ledger.append("page", rows(*every[1::2]))
    api.refresh()
    edition = api.edition()
    assert edition is not None
    moments = {scope: moment for scope, moment in edition.as_of.items() if scope != "*"}
    assert len(moments) == 2
    backend = connect(django_settings.ESTIME_ENGINE_URL, threads=2)
    acts = read_lake(backend, installed_lake(), ledger.ACTS)
    assert acts is not None
    told: Told = ({}, Counter())
    for scope, moment in moments.items():
        prepared = prepare(acts.filter(acts.channel == scope), [], as_of={scope: moment})
        kinds = set(prepared.select("kind").distinct().to_pyarrow()["kind"].to_pylist())
        weights = {kind: SETTINGS.weights.get(kind, SETTINGS.other_weight) for kind in kinds}
        scores = persons.behaviour(prepared, weights, moment, SETTINGS.half_life).to_pyarrow().to_pylist()
        told[0].update({row["person"]: row["b"] for row in scores})
        facts = persons.person_kinds(prepared, {scope: moment}, SETTINGS.half_life)
        each = lately(prepared, {scope: moment}, SETTINGS)
        labels = persons.presence(persons.persons(facts), each, {scope: moment}, SETTINGS)
        told[1].update({row["label"]: row["n"] for row in labels.to_pyarrow().to_pylist()})
    yield told
    backend.disconnect()


def ours() -> Told:
    told: Told = ({}, Counter())
    for account in Account.objects.select_related("channel"):
        found = api.person_measures(account.key, account.channel.name)
        assert found.known
        if found.presence:
            told[0][account.key] = found.behaviour
            told[1][found.presence] += 1
    return told


def same(one: Told, other: Told) -> None:
    assert one[0].keys() == other[0].keys()
    assert one[1] == other[1]
    for key, b in one[0].items():
        assert other[0][key] == pytest.approx(b, abs=2e-9)


def test_read_from_the_ledger_it_is_what_the_lake_says(lake_says: Told) -> None:
    assert len(lake_says[0]) == 14
    assert len({round(b, 6) for b in lake_says[0].values()}) > 5
    assert len(lake_says[1]) >= 2
    same(lake_says, ours())


def test_kept_for_people_of_very_many_acts_it_is_the_same(
    lake_says: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (person, digests):
        monkeypatch.setattr(module, "READ", 10)
    key = next(iter(lake_says[0]))
    assert not api.person_measures(key, "forum").known  # said, rather than made up
    assert api.digests_due()
    assert api.digest_persons() == 14
    assert not api.digests_due()
    same(lake_says, ours())


def test_an_erasure_takes_the_digest_along(lake_says: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "READ", 10)
    api.digest_persons()
    account = Account.objects.get(channel__name="forum", handle="person-3")
    assert PersonDigest.objects.filter(pk=account.key).exists()
    api.erase("forum", "person-3")
    assert not PersonDigest.objects.filter(pk=account.key).exists()


def test_channels_that_are_told_as_of_decades_apart(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a short half-life nothing is left in floating point of what fades over thirty years."""
    every = drafts(120, hours=2)
    ledger.append("now", rows(*every))
    long_ago = (
        told._replace(published=told.published.replace(year=told.published.year - 33)) for told in every
    )
    ledger.append("then", rows(*long_ago))
    (installed / "estime.toml").write_text("[measures]\nhalf_life_days = 3\n")
    api.refresh()
    read = ours()
    for module in (person, digests):
        monkeypatch.setattr(module, "READ", 10)
    api.digest_persons()
    assert len(read[0]) == 14
    same(read, ours())
