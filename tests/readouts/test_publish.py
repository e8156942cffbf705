"""Publishing: everything drawn once, nothing drawn twice, nothing lost when it breaks."""

from collections.abc import Iterator

import pytest
from drawing import drawn_once
from readouts import told

from estime.engagement import api
from estime.readouts import actions
from estime.readouts.models import Chart
from estime.readouts.queries import chart_svgs

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _figures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(api, "figures", lambda scope, measures=None: told.community())
    with drawn_once():  # what is counted is how often it is asked for
        yield


def test_publishing_twice_is_publishing_once() -> None:
    first = actions.publish(told.edition())
    assert first.drawn == 10
    assert first.kept == 0
    before = list(Chart.objects.order_by("pk").values_list("scope", "section", "lang", "digest", "svg"))
    assert actions.publish(told.edition()) == (0, 10)
    assert (
        list(Chart.objects.order_by("pk").values_list("scope", "section", "lang", "digest", "svg")) == before
    )


def test_an_edition_redraws_only_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    actions.publish(told.edition())
    changed = [*told.active(200), *told.replies(), *told.rest()]
    monkeypatch.setattr(api, "figures", lambda scope, measures=None: changed)
    assert actions.publish(told.edition(number=8)) == (2, 8)
    assert set(chart_svgs(8, "club", "fr")) == {"active-share", "answers", "presence", "split", "words-deeds"}


def test_only_this_edition_and_the_one_before_are_kept() -> None:
    for number in (5, 6, 7):
        actions.publish(told.edition(number=number))
    assert set(Chart.objects.values_list("edition_id", flat=True)) == {6, 7}


def test_two_scopes_that_look_alike_share_the_drawing() -> None:
    published = actions.publish(told.edition(told.scope(), told.scope("*")))
    assert published == (10, 10)


def test_a_broken_drawing_leaves_what_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    actions.publish(told.edition(number=6))

    def breaks(*args: object, **kwargs: object) -> str:
        raise RuntimeError("no")

    monkeypatch.setattr(actions, "chart_svg", breaks)
    monkeypatch.setattr(api, "figures", lambda scope, measures=None: told.brand_page())
    with pytest.raises(RuntimeError):
        actions.publish(told.edition())
    assert set(Chart.objects.values_list("edition_id", flat=True)) == {6}
