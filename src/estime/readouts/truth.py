"""The paragraph of truth: what a community lead can mail as it stands.

Every figure in it opens a section of the report. What is not known is said in words, never as a zero, and an
archive never pretends to be this week.
"""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.engagement.figures import Figure
from estime.readouts import wording as w
from estime.readouts.shapes import Acts, Phrase, Span, Truth, phrase
from estime.readouts.shelf import EVERY, TEXTS, Shelf

OWED_FOR, LATE_AFTER = 28, 7
"""In days: how far back a message without an answer is owed one, and after how long it is late (responses.md)."""


def truth_build(shelf: Shelf, as_of: datetime) -> Truth:
    if shelf.totals_only:
        return _brand_page(shelf)
    if shelf.now("active_share_7d", "all") is None:
        return Truth((phrase(_("No act has been recorded here yet.")),), ())
    sentences = [_active(shelf, as_of), *_unknown_reach(shelf), *_owed(shelf)]
    return Truth(tuple(sentences + _lost(shelf)), _active_under(shelf))


def _window(shelf: Shelf, as_of: datetime) -> str:
    if shelf.archive:
        return _("In the week to {day}, the last on record,").format(day=w.day(as_of.date()))
    return _("In the week to {day},").format(day=w.day(as_of.date()))


def _active(shelf: Shelf, as_of: datetime) -> Phrase:
    window = _window(shelf, as_of)
    everything, earned = shelf.now("active_share_7d", "all"), shelf.now("active_share_7d", "without_likes")
    acted = round(everything.n or 0) if everything else 0
    without = round(earned.n or 0) if earned else acted
    reached = round(everything.d or 0) if everything else 0
    if not acted:
        return phrase(_("{window} nobody did anything."), window=window)
    if everything is None or everything.value is None or not reached:
        return phrase(
            _without_share(acted, without), window=window, **_links(shelf, w.count(acted), w.count(without))
        )
    share = w.percent(everything.value)
    rest = w.percent(earned.value if earned and earned.value is not None else everything.value)
    template = _share_of(shelf.reach_basis(), reached, same=acted == without)
    return phrase(template, window=window, reached=w.count(reached), **_links(shelf, share, rest))


def _links(shelf: Shelf, share: str, without: str) -> dict[str, Span]:
    acts = shelf.acts_lately(7)
    unliked = acts._replace(without_likes=True) if acts else None
    return {
        "share": Span(share, "active-share", acts=acts),
        "without": Span(without, "active-share", acts=unliked),
    }


def _without_share(acted: int, without: int) -> str:
    if acted == without:
        return ngettext(
            "{window} {share} person did something; leaving likes out changes nothing.",
            "{window} {share} people did something; leaving likes out changes nothing.",
            acted,
        )
    return ngettext(
        "{window} {share} person did something, {without} without counting likes.",
        "{window} {share} people did something, {without} without counting likes.",
        acted,
    )


def _share_of(basis: str, reached: int, *, same: bool) -> str:
    if basis == "audience" and same:
        return ngettext(
            "{window} {share} of our {reached} follower did something; leaving likes out changes nothing.",
            "{window} {share} of our {reached} followers did something; leaving likes out changes nothing.",
            reached,
        )
    if basis == "audience":
        return ngettext(
            "{window} {share} of our {reached} follower did something, {without} without counting likes.",
            "{window} {share} of our {reached} followers did something, {without} without counting likes.",
            reached,
        )
    if same:
        return ngettext(
            "{window} {share} of our {reached} member did something; leaving likes out changes nothing.",
            "{window} {share} of our {reached} members did something; leaving likes out changes nothing.",
            reached,
        )
    return ngettext(
        "{window} {share} of our {reached} member did something, {without} without counting likes.",
        "{window} {share} of our {reached} members did something, {without} without counting likes.",
        reached,
    )


def _unknown_reach(shelf: Shelf) -> list[Phrase]:
    everything = shelf.now("active_share_7d", "all")
    if everything is None or everything.value is not None:
        return []
    if shelf.together:
        told = _(
            "How many people these channels reach together is not known, so neither is the share who acted."
        )
    else:
        told = _("How many people this channel reaches is not known, so neither is the share who acted.")
    return [phrase(told)]


def _owed(shelf: Shelf) -> list[Phrase]:
    owed, late = shelf.count("owed", "open"), shelf.count("owed", "late") or 0
    if owed is None:
        return []
    if not shelf.replies_recorded and shelf.archive:
        return [phrase(_("No reply is recorded here, so who waited for an answer is not known."))]
    if not shelf.replies_recorded:
        return [phrase(_("No reply is recorded here, so what we owe here is not known."))]
    if shelf.archive:
        return [_owed_then(shelf, owed, late)]
    return [_owed_now(shelf, owed, late)]


def _late(shelf: Shelf) -> Acts | None:
    """The messages among which the late ones are: old enough to be late, young enough to be owed."""
    owed, late = shelf.acts_lately(OWED_FOR, TEXTS), shelf.acts_before(LATE_AFTER, TEXTS)
    return owed._replace(until=late.until) if owed and late else None


def _owed_now(shelf: Shelf, owed: int, late: int) -> Phrase:
    if not owed:
        return phrase(_("We owe no answer."))
    told = ngettext("{n} answer", "{n} answers", owed).format(n=w.count(owed)).replace(" ", w.NBSP)
    answers = Span(told, "answers", acts=shelf.acts_lately(OWED_FOR, TEXTS))
    if not late:
        return phrase(
            ngettext("We owe {answers}, not late.", "We owe {answers}, none of them late.", owed),
            answers=answers,
        )
    if late == owed:
        told = ngettext("and it is late", "all of them late", owed)
    else:
        told = ngettext("{n} of them late", "{n} of them late", late).format(n=w.count(late))
    return phrase(
        _("We owe {answers}, {late}."),
        answers=answers,
        late=Span(told, "answers", late=True, acts=_late(shelf)),
    )


def _owed_then(shelf: Shelf, owed: int, late: int) -> Phrase:
    if not owed:
        return phrase(_("When the record stops, no message of the last four weeks was without an answer."))
    told = ngettext("{n} message", "{n} messages", owed).format(n=w.count(owed)).replace(" ", w.NBSP)
    answers = Span(told, "answers", acts=shelf.acts_lately(OWED_FOR, TEXTS))
    if not late:
        return phrase(
            ngettext(
                "When the record stops, {messages} of the last four weeks had no answer.",
                "When the record stops, {messages} of the last four weeks had no answer.",
                owed,
            ),
            messages=answers,
        )
    waiting = ngettext("{n} for more than a week", "{n} for more than a week", late).format(n=w.count(late))
    return phrase(
        ngettext(
            "When the record stops, {messages} of the last four weeks had no answer, {late}.",
            "When the record stops, {messages} of the last four weeks had no answer, {late}.",
            owed,
        ),
        messages=answers,
        late=Span(waiting, "answers", acts=_late(shelf)),
    )


def _lost(shelf: Shelf) -> list[Phrase]:
    figure = shelf.now("lost_waiting")
    if figure is None or not figure.d or not shelf.replies_recorded:
        return []
    lost, waiting = round(figure.d), round(figure.n or 0)
    told = ngettext("{n} member", "{n} members", lost).format(n=w.count(lost)).replace(" ", w.NBSP)
    members = Span(told, "presence")
    if not waiting:
        return [
            phrase(
                ngettext(
                    "{members} was lost in four weeks, and was not waiting for an answer.",
                    "Of {members} lost in four weeks, none was waiting for an answer.",
                    lost,
                ),
                members=members,
            )
        ]
    if lost == 1:
        return [
            phrase(
                _(
                    "{members} was lost in four weeks, and was waiting for an answer; "
                    "a coincidence, not a proven cause."
                ),
                members=members,
            )
        ]
    return [
        phrase(
            ngettext(
                "Of {members} lost in four weeks, {waiting} was waiting for an answer; "
                "a coincidence, not a proven cause.",
                "Of {members} lost in four weeks, {waiting} were waiting for an answer; "
                "a coincidence, not a proven cause.",
                waiting,
            ),
            members=members,
            waiting=w.count(waiting),
        )
    ]


def _active_under(shelf: Shelf) -> tuple[str, ...]:
    everything, earned = shelf.now("active_share_7d", "all"), shelf.now("active_share_7d", "without_likes")
    if everything is None:
        return ()
    if everything.value is None:
        return (_("Counts, not estimates: nothing was sampled."),)
    ends = [w.percent_interval(everything.low, everything.high)]
    if earned is not None and earned.value is not None and earned.n != everything.n:
        without = w.percent_interval(earned.low, earned.high)
        ends.append(_("{interval} without likes").format(interval=without))
    told = ngettext("95 % interval: {ends}", "95 % intervals: {ends}", len(ends))
    return (told.format(ends=" · ".join(ends)),)


def _brand_page(shelf: Shelf) -> Truth:
    comments, shares = shelf.now("comments_per_1000_likes_page"), shelf.now("shares_per_1000_likes_page")
    known = [
        (figure, noun)
        for figure, noun in ((comments, comments_told), (shares, shares_told))
        if figure is not None and figure.value is not None
    ]
    sentences: list[Phrase] = []
    if len(known) == 2:
        template = _("For 1,000 likes there were {first} and {second}.")
    elif known:
        template = _("For 1,000 likes there were {first}.")
    else:
        return Truth(
            (phrase(_("This page gives no likes to compare with, so what they hide is not known.")),), ()
        )
    spans = [
        Span(noun(figure.value or 0.0), "likes-hide" if noun is comments_told else "passed-on")
        for figure, noun in known
    ]
    sentences.append(phrase(template, **dict(zip(("first", "second"), spans, strict=False))))
    sentences += _most_talked_of(shelf)
    sentences.append(
        phrase(
            _(
                "A like says little, and the platform gives totals only: "
                "who acted is not known, and neither is the active share."
            )
        )
    )
    return Truth(tuple(sentences), (_page_under(shelf, comments, shares),))


def _page_under(shelf: Shelf, comments: Figure | None, shares: Figure | None) -> str:
    """The intervals of a page's rates, each with what it is an interval of."""
    top = _top_post(shelf)
    named = (
        (comments, _("comments {ends}")),
        (shares, _("shares {ends}")),
        (top, _("comments on that post {ends}")),
    )
    ends = [
        template.format(ends=w.rate_interval(figure.low, figure.high))
        for figure, template in named
        if figure is not None and figure.value is not None
    ]
    told = ngettext(
        "95 % interval, per 1,000 likes: {ends}", "95 % intervals, per 1,000 likes: {ends}", len(ends)
    )
    return told.format(ends=" · ".join(ends))


def _plural(value: float) -> int:
    """The form for a number that need not be whole: 1,5 commentaire in French, 1.5 comments in English."""
    return 1 if value == 1 or (w.is_french() and value < 2) else 2


def comments_told(value: float) -> str:
    told = ngettext("{n} comment", "{n} comments", _plural(value))
    return told.format(n=w.rate(value)).replace(" ", w.NBSP)


def shares_told(value: float) -> str:
    told = ngettext("{n} share", "{n} shares", _plural(value))
    return told.format(n=w.rate(value)).replace(" ", w.NBSP)


def _top_post(shelf: Shelf) -> Figure | None:
    """The post whose interval starts highest: a post with three likes must not win by luck."""
    posts = [
        figure
        for label in shelf.labels("comments_per_1000_likes")
        for figure in shelf.dated("comments_per_1000_likes", label)
        if figure.value is not None and figure.low is not None
    ]
    if len(posts) < 2:
        return None
    top = max(posts, key=lambda figure: figure.low or 0.0)
    return top if top.value and top.period is not None else None


def _most_talked_of(shelf: Shelf) -> list[Phrase]:
    top = _top_post(shelf)
    if top is None or top.period is None:
        return []
    return [
        phrase(
            _("The post that people talked about most, on {day}, drew {comments} per 1,000 likes."),
            day=w.day(top.period),
            comments=Span(
                comments_told(top.value or 0.0), "likes-hide", acts=shelf.acts_from(top.period, 1, EVERY)
            ),
        )
    ]
