"""Changed settings reach the figures: a refresh is due, and computes everything anew."""

from datetime import UTC, datetime, timedelta

import pytest
from ledger.acts import act, rows

from estime.engagement import api
from estime.engagement.models import Edition
from estime.kernel.home import FILE_NAME
from estime.ledger import api as ledger

pytestmark = pytest.mark.slow

START = datetime(2024, 1, 1, 9, tzinfo=UTC)


def test_settings_that_figures_depend_on_make_a_refresh_due(installed):
    ledger.append(
        "forum", rows(*(act(n, actor=f"p{n % 3}", published=START + timedelta(days=n)) for n in range(6)))
    )
    api.refresh()
    assert not api.refresh_due()
    file = installed / FILE_NAME
    for text in (
        "[measures]\nhalf_life_days = 14\n",
        "[measures]\nweights = { Create = 1 }\n",
        '[brand]\naccounts = [{ channel = "forum", handle = "p1" }]\n',
    ):
        file.write_text(text)
        assert api.refresh_due(), text
        assert api.refresh().whole
        assert not api.refresh_due(), text
    file.write_text(text + 'name = "Gourde"\n')  # no figure depends on the name
    assert not api.refresh_due()
    file.write_text('[brand]\naccounts = [{ channel = "forum", handle = "nobody" }]\n')
    assert api.refresh_due()


def test_a_channel_is_called_otherwise_without_computing(installed):
    ledger.append("forum", rows(act(1, published=START)))
    api.refresh()
    before = Edition.objects.get()
    api.scope_describe("forum", "Le forum", "CC BY")
    api.scope_describe("nowhere", "x", "y")
    after = Edition.objects.get()
    told = api.edition()
    assert told is not None
    assert [(s.title, s.attribution) for s in told.scopes if s.name == "forum"] == [("Le forum", "CC BY")]
    assert (after.digest, after.batch) == (before.digest, before.batch)
    assert after.made_at != before.made_at
