"""All channels in one report: what each of them is, beside what they add up to.

Channels that ended at different times have no week in common. Each is then told by its own last week.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.engagement import api
from estime.readouts import wording as w
from estime.readouts.shapes import Phrase, Span, Truth, phrase
from estime.readouts.shelf import Shelf

ALL = "*"
# What the report of all channels tells of each of them.
MEASURES = ("active_share_7d", "comments_per_1000_likes_page", "shares_per_1000_likes_page")


class Place(NamedTuple):
    """One channel among all, as of its own last moment."""

    info: api.ScopeInfo
    title: str
    as_of: datetime
    shelf: Shelf

    @property
    def totals_only(self) -> bool:
        active = self.shelf.now("active_share_7d", "all")
        rates = [self.shelf.now(measure) for measure in MEASURES[1:]]
        return any(rates) and (active is None or not active.n)

    @property
    def share(self) -> api.Figure | None:
        """The active share, where reach is known."""
        active = self.shelf.now("active_share_7d", "all")
        return active if active is not None and active.value is not None and not self.totals_only else None


def places_of(edition: api.Edition, figures: Sequence[api.Figure]) -> list[Place]:
    """Every channel that tells something; `figures` are the current ones of `MEASURES`, of every scope.

    One into which nothing came, neither acts nor a platform's totals, tells nothing of anybody.
    """
    told = {figure.scope for figure in figures}
    return [
        Place(
            info,
            info.title or info.name,
            edition.as_of.get(info.name) or info.last_act or edition.made_at,
            Shelf((figure for figure in figures if figure.scope == info.name), archive=info.archive),
        )
        for info in edition.scopes
        if info.name != ALL and (info.acts or info.name in told)
    ]


def truth_together(places: Sequence[Place], active: Truth) -> Truth:
    """`active`: the paragraph over all acts together; left out when they have no week in common."""
    if len(places) < 2:
        return active
    ended = [place for place in places if place.info.archive]
    sentences = [_what_is_read(places)]
    if len(ended) == len(places):
        sentences += [_no_common_week(places), *_shares(places)]
        return Truth(tuple(sentences), ())
    if ended:
        sentences.append(
            phrase(
                ngettext(
                    "{ended} has ended and adds nothing to this week.",
                    "{ended} have ended and add nothing to this week.",
                    len(ended),
                ),
                ended=w.count(len(ended)),
            )
        )
    return Truth((*active.sentences, *sentences), active.under)


def _what_is_read(places: Sequence[Place]) -> Phrase:
    totals = sum(place.totals_only for place in places)
    known = len(places) - totals
    channels = Span(
        ngettext("{n} channel", "{n} channels", len(places))
        .format(n=w.count(len(places)))
        .replace(" ", w.NBSP),
        "channels",
    )
    if not totals:
        return phrase(_("{channels} are read here, and each tells who acted."), channels=channels)
    if not known:
        return phrase(
            _("{channels} are read here, and give totals only: who acted is not known."), channels=channels
        )
    return phrase(
        _("{channels} are read here: {known}, {totals}."),
        channels=channels,
        known=ngettext("{n} tells who acted", "{n} tell who acted", known).format(n=w.count(known)),
        totals=ngettext("{n} gives totals only", "{n} give totals only", totals).format(n=w.count(totals)),
    )


def _no_common_week(places: Sequence[Place]) -> Phrase:
    ends = sorted(place.as_of.date() for place in places)
    return phrase(
        _(
            "All have ended, the first on {first}, the last on {last}: they have no week in common, "
            "and each is told by its own last one."
        ),
        first=w.day(ends[0]),
        last=w.day(ends[-1]),
    )


def _shares(places: Sequence[Place]) -> list[Phrase]:
    told = [(place, figure) for place in places if (figure := place.share) is not None]
    if not told:
        return [phrase(_("None says how many people it reaches, so no active share is known."))]
    if len(told) == 1:
        place, figure = told[0]
        return [
            phrase(
                _(
                    "Only one says how many people it reaches, {title}: "
                    "{share} of them acted in its last week ({interval})."
                ),
                title=place.title,
                share=Span(w.percent(figure.value or 0.0), "channels"),
                interval=w.percent_interval(figure.low, figure.high),
            )
        ]
    shares = sorted(figure.value or 0.0 for _place, figure in told)
    return [
        phrase(
            _(
                "{n} say how many people they reach: in their last week, between {low} and {high} of them acted."
            ),
            n=w.count(len(told)),
            low=Span(w.percent(shares[0]), "channels"),
            high=Span(w.percent(shares[-1]), "channels"),
        )
    ]
