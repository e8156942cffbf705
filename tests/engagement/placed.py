"""A member whose texts were read and who stands on the map, for the tests of pages, REST and own data."""

from datetime import timedelta
from typing import NamedTuple

from ledger.acts import act, rows

from estime.cocreation import api as cocreation
from estime.cocreation.api import Member
from estime.engagement.models import Place
from estime.kernel import clock
from estime.ledger import api as ledger
from estime.listening.models import Reading
from estime.people.models import User

ON = '[privacy]\nperson_affect = true\npurpose = "To listen better"\nlegal_basis = "Weighed interest"\n'
TEXTS = (
    "I love what you make.",
    "Since my chemo I cannot open it, you never answer.",
    "Your app lost my work again.",
)
VALENCES = (900, -800, -700)


class Placed(NamedTuple):
    """`member` wrote `TEXTS` (acts `seqs`) and is placed; `other` wrote one text; `stranger` did nothing."""

    user: User
    member: Member
    other: Member
    stranger: Member
    seqs: list[int]


def placed_anna() -> Placed:
    """Anna wrote three texts that were read as directed at the brand, and is placed as an active critic."""
    anna, ben, cleo = (
        cocreation.member_of(
            User.objects.create(email=f"{name}@example.org", role="member", name=name.title())
        )
        for name in ("anna", "ben", "cleo")
    )
    begun = clock.now() - timedelta(days=9)
    drafts = [
        act(n, actor=anna.handle, content=text, published=begun + timedelta(days=n))
        for n, text in enumerate(TEXTS)
    ]
    ledger.append(cocreation.CHANNEL, rows(*drafts, act(9, actor=ben.handle, published=begun)))
    for member in (anna, ben):
        member.account = ledger.account_key(cocreation.CHANNEL, member.handle)
        Member.objects.filter(pk=member.pk).update(account=member.account)
    written = ledger.texts_following((0, 0))[0]
    for one, valence in zip(written, (*VALENCES, 100), strict=True):
        _read(one, valence)
    Place.objects.create(
        account=anna.account, scope="estime", as_of=clock.now(), value=-0.4, low=-0.6, high=-0.2, cell="critic",
        pieces=3, weight=2.5,
    )  # fmt: skip
    assert anna.user is not None
    return Placed(anna.user, anna, ben, cleo, [one.seq for one in written[:3]])


def _read(one: ledger.Written, valence: int) -> None:
    fixed = {
        "lang": 2,
        "emotions": b"",
        "felt": 0,
        "unclear": False,
        "target": 1,
        "target_id": 0,
        "toward": valence,
        "near": 0,
    }
    shares = {
        "positive": max(valence, 0),
        "negative": max(-valence, 0),
        "neutral": 1000 - abs(valence),
    }
    where = {"seq": one.seq, "channel": one.channel, "account": one.account, "day": one.day}
    Reading.objects.create(**where, **shares, **fixed, version=1, step=1)
