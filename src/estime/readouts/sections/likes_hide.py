"""Brand pages, where only totals are known: what people did beside liking, post by post."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.engagement.figures import Figure
from estime.readouts import wording as w
from estime.readouts.shapes import Acts, Chart, Mark, Section, Table, table
from estime.readouts.shelf import EVERY, Shelf

POSTS_DRAWN = 400
POSTS_LISTED = 25


def likes_hide_section(shelf: Shelf) -> Section | None:
    posts = _posts(shelf, "comments_per_1000_likes")
    if not posts and shelf.now("comments_per_1000_likes_page") is None:
        return None
    listed = sorted(posts, key=lambda label: posts[label].low or 0.0, reverse=True)[:POSTS_LISTED]
    return Section(
        id="likes-hide",
        title=_("What the likes hide"),
        sentence=_(
            "Each dot is a post: its comments per 1,000 likes, the thin line its 95 % interval. "
            "Look for posts well above the others: something there made people speak."
        ),
        definition="page_rates",
        chart=_chart(posts, _("Square-root scale")) if posts else None,
        table=_table(shelf, posts, listed),
        note=_note(len(posts), len(listed)),
        legend=_legend(len(posts)) if posts else "",
        figures=shelf.all(
            "comments_per_1000_likes_page",
            "comments_per_1000_fans_page",
            "comments_per_1000_likes",
        ),
    )


def passed_on_section(shelf: Shelf) -> Section | None:
    posts = _posts(shelf, "shares_per_1000_likes")
    if not posts:
        return None
    return Section(
        id="passed-on",
        title=_("What was passed on"),
        sentence=_("The same posts: their shares per 1,000 likes. To share is to put one’s own name to it."),
        definition="page_rates",
        chart=_chart(posts, _("Square-root scale")),
        legend=_legend(len(posts)),
        figures=shelf.all("shares_per_1000_likes_page", "shares_per_1000_fans_page", "shares_per_1000_likes"),
    )


def _posts(shelf: Shelf, measure: str) -> dict[str, Figure]:
    return {
        label: figure
        for label in shelf.labels(measure)
        for figure in shelf.dated(measure, label)
        if figure.value is not None
    }


def _legend(posts: int) -> str:
    told = _("On this scale, twice as high is four times as many.")
    if posts > POSTS_DRAWN:
        told += " " + _("The chart shows the last {n}.").format(n=w.count(POSTS_DRAWN))
    return told


def _note(posts: int, listed: int) -> str:
    told = ngettext("{n} post with likes.", "{n} posts with likes.", posts).format(n=w.count(posts))
    if listed < posts:
        told += " " + _("The table lists the {n} that made people speak most.").format(n=w.count(listed))
    return told


def _chart(posts: dict[str, Figure], title: str) -> Chart:
    dots = sorted(posts.values(), key=lambda figure: figure.period or date.min)
    marks = [Mark("", figure.value or 0.0, figure.low, figure.high, figure.period) for figure in dots]
    values = sorted(mark.value for mark in marks)
    alt = ngettext(
        "Dot for {n} post: {median} per 1,000 likes.",
        "Dots for {n} posts: half have under {median} per 1,000 likes, the highest {top}.",
        len(values),
    ).format(n=w.count(len(values)), median=w.rate(values[len(values) // 2]), top=w.rate(values[-1]))
    return Chart("dots", "rate", alt, tuple(marks[-POSTS_DRAWN:]), title)


def _cells(figure: Figure | None) -> list[str]:
    if figure is None or figure.value is None:
        return [_("unknown"), ""]
    return [w.rate(figure.value), w.rate_interval(figure.low, figure.high)]


def _table(shelf: Shelf, posts: dict[str, Figure], listed: list[str]) -> Table:
    rows = [
        [
            _("the whole page"),
            *_cells(shelf.now("comments_per_1000_likes_page")),
            *_cells(shelf.now("shares_per_1000_likes_page")),
        ]
    ]
    if shelf.now("comments_per_1000_fans_page") is not None:
        rows.append(
            [
                _("the whole page, per 1,000 fans"),
                *_cells(shelf.now("comments_per_1000_fans_page")),
                *_cells(shelf.now("shares_per_1000_fans_page")),
            ]
        )
    opens: list[Acts | None] = [None] * len(rows)
    for label in listed:
        opens.append(shelf.acts_from(posts[label].period, 1, EVERY))
        shares = shelf.dated("shares_per_1000_likes", label)
        rows.append(
            [
                w.day(posts[label].period or date.min),
                *_cells(posts[label]),
                *_cells(shares[0] if shares else None),
            ]
        )
    return table(
        _("Comments and shares per 1,000 likes"),
        [_("Post of"), _("Comments"), _("95 % interval"), _("Shares"), _("95 % interval")],
        rows,
        opens,
    )
