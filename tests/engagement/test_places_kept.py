"""Protects whoever contests while a map is being made, and whoever took back what they wrote: neither is told on."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from engagement.placed import TEXTS, placed_anna
from ledger.acts import act, rows

from estime.cocreation import api as cocreation
from estime.engagement import api
from estime.engagement.actions import keep_places
from estime.engagement.models import Contested, Objection, Place
from estime.engagement.tables.place import Place as Found
from estime.kernel import clock
from estime.kernel.lake import Lake
from estime.ledger import api as ledger


def test_who_contested_meanwhile_has_no_place_before_the_next_map(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep_places, "places_kept", lambda: True)
    asked = timezone.now()
    earlier, later = asked - timedelta(minutes=5), asked + timedelta(minutes=5)
    for account, at, withdrawn in ((1, earlier, None), (2, later, None), (3, earlier, later)):
        Contested.objects.create(seq=account, account=account, meant=0, at=at, withdrawn=withdrawn)
    found = [Found(account, "forum", 0.5, 0.2, 0.8, "attached", 4, 2.0) for account in (1, 2, 3, 4)]
    keep_places.places_store(found, {"forum": asked}, asked)
    assert set(Place.objects.values_list("account", flat=True)) == {1, 4}


def test_what_somebody_took_back_explains_their_place_no_more(db: None, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    (tmp_path / "home" / "secret").write_text("5e" * 32)
    anna = placed_anna().member
    assert anna.account is not None
    told = {each.text for each in api.weightiest(anna.account, 9, clock.now())}
    assert told == {*TEXTS}
    undo = act(99, type="Undo", object_id="a2", actor=anna.handle, content=None, published=clock.now())
    ledger.append(cocreation.CHANNEL, rows(undo))
    ledger.index_acts()
    told = {each.text for each in api.weightiest(anna.account, 9, clock.now())}
    assert told == {*TEXTS[:2]}


def test_what_a_request_wrote_while_its_author_was_erased_goes_with_the_next_figures(
    db: None, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    (tmp_path / "home" / "secret").write_text("5e" * 32)
    ledger.append("forum", rows(act(1), act(2, actor="ben")))
    gone, stays = (ledger.account_by_handle("forum", name) for name in (act(1).actor, "ben"))
    assert gone is not None
    assert stays is not None
    ledger.erase_accounts([gone], Lake(str(tmp_path / "lake")))
    for account in (gone, stays):
        Contested.objects.create(seq=account, account=account, meant=0, at=clock.now())
        Objection.objects.create(account=account, out=True, reason="mine", at=clock.now())
    keep_places.contests_forget_erased()
    assert [row.account for row in Contested.objects.all()] == [stays]
    assert [row.account for row in Objection.objects.all()] == [stays]
