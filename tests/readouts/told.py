"""Figures for the readouts' tests: small, invented, and checkable by eye."""

from datetime import UTC, date, datetime, timedelta

from estime.engagement.api import Edition, Figure, ScopeInfo

AS_OF = datetime(2026, 3, 12, 18, 0, tzinfo=UTC)
MADE = datetime(2026, 3, 13, 4, 30, tzinfo=UTC)


def figure(
    measure: str,
    label: str = "",
    value: float | None = None,
    *,
    n: float | None = None,
    d: float | None = None,
    period: date | None = None,
    ends: tuple[float, float] | None = None,
) -> Figure:
    low, high = ends or (None, None)
    return Figure(measure, "club", period, label, value, low, high, n, d)


def active(
    n: int = 174,
    without: int = 74,
    reached: int | None = 12_400,
    basis: str = "audience",
) -> list[Figure]:
    """The last seven days and two weeks before them."""
    told = []
    for label, number in (("all", n), ("without_likes", without)):
        share = number / reached if reached else None
        ends = (share * 0.8, min(1.0, share * 1.2)) if share is not None else None
        told.append(figure("active_share_7d", label, share, n=number, d=reached, ends=ends))
        for weeks in (1, 2):
            monday = date(2026, 3, 9) - timedelta(weeks=weeks)
            told.append(figure("active_share", label, share, n=number, d=reached, ends=ends, period=monday))
    return [*told, figure("reach", basis, reached, n=reached, period=date(2026, 3, 2))]


def replies(owed: int = 7, late: int = 2, lost: int = 9, waiting: int = 5) -> list[Figure]:
    counts = {"member_member": 58, "member_brand": 15, "brand_member": 27, "brand_brand": 0, "unknown": 4}
    return [
        *(figure("replies", label, number) for label, number in counts.items()),
        figure("horizontality", "", 0.58, n=58, d=100, ends=(0.48, 0.67)),
        figure("first_response", "median", 3.2, ends=(2.1, 4.4), n=88),
        figure("first_response", "p90", 100.0, ends=(80.0, 130.0), n=88),
        figure("unanswered", "", 0.12, n=12, d=100, ends=(0.07, 0.2)),
        figure("owed", "open", owed),
        figure("owed", "late", late),
        figure("lost_waiting", "", waiting / lost if lost else None, n=waiting, d=lost),
    ]


def rest() -> list[Figure]:
    """What the other sections show."""
    states = {"newcomer": 6, "continuing": 21, "returning": 4, "lapsing": 17, "gone": 24}
    cohorts = {date(2026, 1, 1): 20, date(2026, 2, 1): 9}
    return [
        *(figure("presence", label, number / 72, n=number, d=72) for label, number in states.items()),
        *(
            figure("retention", str(later), 0.5, n=size / 2, d=size, period=month, ends=(0.3, 0.7))
            for month, size in cohorts.items()
            for later in range(3)
        ),
        figure("top_share", "1%", 0.17, ends=(0.13, 0.24)),
        figure("top_share", "10%", 0.62, ends=(0.55, 0.7)),
        figure("absence_factor", "", 4),
        figure("reciprocity", "", 0.23, n=23, d=101, ends=(0.16, 0.32)),
        figure("words_deeds", "broadcasts", 34),
        figure("words_deeds", "answers", 27),
        figure("words_deeds", "answer_share", 0.44, n=27, d=61, ends=(0.32, 0.57)),
        figure("behaviour", "median", 0.0),
        figure("behaviour", "p90", 1.8),
        figure("behaviour", "p99", 5.4),
        figure("behaviour", "positive", 0.2, n=14, d=72, ends=(0.1, 0.3)),
        figure("rank_stability", "Create+50%", 0.999, n=6, d=6),
        figure("rank_stability", "Create-50%", 0.997, n=5, d=6),
    ]


def community() -> list[Figure]:
    return [*active(), *replies(), *rest()]


def brand_page(comments: float = 9.2, shares: float = 31.0) -> list[Figure]:
    posts = [(date(2016, 5, 3), "a", 54.0, (48.0, 60.0)), (date(2016, 5, 9), "b", 60.0, (2.0, 300.0))]
    return [
        figure("comments_per_1000_likes_page", "", comments, ends=(comments - 1, comments + 1)),
        figure("shares_per_1000_likes_page", "", shares, ends=(shares - 1, shares + 1)),
        *(
            figure("comments_per_1000_likes", post, value, ends=ends, period=day)
            for day, post, value, ends in posts
        ),
        *(
            figure("shares_per_1000_likes", post, 12.0, ends=(8.0, 17.0), period=day)
            for day, post, _v, _e in posts
        ),
    ]


def scope(
    name: str = "club", title: str = "The club", *, archive: bool = False, acts: int = 1260
) -> ScopeInfo:
    first = datetime(2025, 6, 5, tzinfo=UTC)
    return ScopeInfo(name, title, "slack", "MIT; names <hashed>", first, AS_OF, acts, archive)


def edition(*scopes: ScopeInfo, number: int = 7) -> Edition:
    told = list(scopes) or [scope()]
    return Edition(number, {info.name: AS_OF for info in told}, MADE, told)
