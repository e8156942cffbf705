"""Channel by channel, each as of its own last week: who acted, of how many, and where to read more."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from estime.engagement.figures import Figure
from estime.readouts import wording as w
from estime.readouts.shapes import Row, Section, Table
from estime.readouts.together import MEASURES, Place
from estime.readouts.truth import comments_told, shares_told


def channels_section(places: Sequence[Place]) -> Section | None:
    if not places:
        return None
    return Section(
        id="channels",
        title=_("Channel by channel"),
        sentence=_(
            "Each channel in its own last week: how many acted, likes included, and what share of the people reached. "
            "Look at how few tell whom they reach."
        ),
        definition="active_share",
        table=Table(
            _("Active people in each channel’s last week, with the 95 % interval of the share"),
            (_("Channel"), _("People who acted"), _("Share")),
            tuple(_row(place) for place in _ordered(places)),
            shown=True,
        ),
        figures=tuple(figure for place in places for figure in place.shelf.all(*MEASURES)),
    )


def _ordered(places: Sequence[Place]) -> list[Place]:
    """Where most is known first; the latest first among equals."""
    return sorted(places, key=lambda p: (p.share is None, p.totals_only, -p.as_of.timestamp(), p.title))


def _row(place: Place) -> Row:
    active = place.shelf.now("active_share_7d", "all")
    week = _("week to {day}").format(day=w.day(place.as_of.date()))
    if place.totals_only:
        return Row(
            (place.title, _("unknown"), _("unknown")),
            (),
            (_rates(place), _("totals only"), ""),
            place.info.name,
        )
    if active is None:
        return Row((place.title, _("unknown"), _("unknown")), (), (week, "", ""), place.info.name)
    people = (w.count(active.n or 0), _("of {n}").format(n=w.count(active.d)) if active.d else "")
    share = _share(place.share)
    return Row((place.title, people[0], share[0]), (), (week, people[1], share[1]), place.info.name)


def _share(figure: Figure | None) -> tuple[str, str]:
    if figure is None:
        return _("unknown"), ""
    return w.percent(figure.value or 0.0), w.percent_interval(figure.low, figure.high)


def _rates(place: Place) -> str:
    """What a page that gives totals does tell."""
    comments = place.shelf.now("comments_per_1000_likes_page")
    shares = place.shelf.now("shares_per_1000_likes_page")
    told = [
        named(figure.value)
        for figure, named in ((comments, comments_told), (shares, shares_told))
        if figure is not None and figure.value is not None
    ]
    return _("for 1,000 likes: {rates}").format(rates=", ".join(told)) if told else ""
