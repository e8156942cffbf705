"""A space with people and a challenge, as tests of co-creation, its pages and its REST need it (`conftest.py`)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from estime.cocreation import api
from estime.cocreation.actions.deals import accept_deal
from estime.cocreation.models import Challenge, Member, Poll, Space
from estime.cocreation.vocabulary import PHASES
from estime.kernel import clock
from estime.kernel.home import make_home
from estime.people.api import User

DEAL = api.DealWords(
    owns="You keep what is yours.",
    licence="We may use it for this product, as long as you are named.",
    if_adopted="You are named on the product’s page.",
    if_refused="It stays yours, and we do not use it.",
    if_withdrawn="We stop, unless it is made already.",
    if_altered="You are told, and may say that it is not yours any more.",
)
BRIEF = {
    "problem": "The lid opens in a bag.",
    "known": "One in nine bottles that come back leaked.",
    "decided": "The bottle itself stays.",
    "off_table": "Another material.",
    "decider": "Léa Martin, head of the range.",
    "resources": "10,000 euros and two prototypes.",
}
LENGTH = timedelta(days=10)
Calendar = dict[str, tuple[datetime, datetime]]


@dataclass
class Place:
    """`lea` leads, `remi` speaks for the brand, `alix` directs, `mo` moderates; all others are members."""

    space: Space
    challenge: Challenge
    at: datetime
    anna: Member
    ben: Member
    chloe: Member
    dani: Member
    lea: Member
    remi: Member
    alix: Member
    mo: Member

    @property
    def members(self) -> list[Member]:
        return [self.anna, self.ben, self.chloe, self.dani]

    def open(self, when: datetime | None = None) -> Challenge:
        """Open the challenge of a place that was made with `opened=False` (after its votes were written)."""
        at = when or self.challenge.created
        self.challenge = api.challenge_open(self.lea, self.challenge, when=at)
        return self.challenge

    def agree(self, *members: Member) -> None:
        """Let members agree to the deal; all four where none is named."""
        deal = api.deal_of(self.challenge)
        assert deal is not None
        for member in members or self.members:
            accept_deal(member, self.challenge, deal.version, when=self.at)


def person(name: str, role: str = "member", joined: datetime | None = None) -> Member:
    """A login with its member; nobody signs in with it by a password. Deeds need the secret of an installation."""
    make_home()
    handle = name.split()[0].lower().replace("é", "e")
    user = User(email=f"{handle}@example.org", name=name, role=role, password="!")
    user.save()
    member = api.member_of(user)
    if joined is not None:
        Member.objects.filter(pk=member.pk).update(joined=joined)
        member.joined = joined
    return member


def calendar(phase: str, at: datetime, kinds: tuple[str, ...] = PHASES) -> Calendar:
    """Phases of ten days, so that `at` is in the middle of the one named; it has to be among `kinds`."""
    first = at - LENGTH / 2 - LENGTH * kinds.index(phase)
    return {kind: (first + LENGTH * i, first + LENGTH * (i + 1)) for i, kind in enumerate(kinds)}


def binding_poll(challenge: Challenge, calendar: Calendar, **more: object) -> Poll:
    """The vote without which a challenge cannot promise that members choose or decide."""
    opens, closes = calendar["vote"]
    fields = {
        "title": "Which one?",
        "method": "approval",
        "seed": 7,
        "opens": opens,
        "closes": closes,
        **more,
    }
    return Poll.objects.create(challenge=challenge, **fields)


def challenge_made(
    by: Member, space: Space, phases: Calendar, *, power: str = "", title: str = "A lid that stays shut"
) -> Challenge:
    """A draft that lacks nothing but, where members choose or decide, its vote."""
    start, end = (
        min(starts for starts, _ends in phases.values()),
        max(ends for _starts, ends in phases.values()),
    )
    words = api.ChallengeWords(title, power=power, **BRIEF, answer_by=end)
    challenge = api.challenge_draft(by, space, words, when=start)
    api.phases_set(by, challenge, phases)
    api.deal_write(by, challenge, DEAL, when=start)
    return challenge


def place_made(
    phase: str = "propose",
    power: str = "answer",
    *,
    opened: bool = True,
    public: bool = True,
    kinds: tuple[str, ...] = PHASES,
    at: datetime | None = None,
) -> Place:
    at = at or clock.now().replace(microsecond=0)
    phases = calendar(phase, at, kinds)
    start = phases[kinds[0]][0]
    before = start - timedelta(days=30)
    lea = person("Léa Martin", "lead", before)
    space = api.space_make(
        lea, api.SpaceWords("Bottles", "Better bottles, together.", public=public), when=before
    )
    challenge = challenge_made(lea, space, phases, power=power)
    made = Place(
        space,
        challenge,
        at,
        person("Anna Weber", joined=before),
        person("Ben Okafor", joined=before),
        person("Chloé Petit", joined=before),
        person("Dani Silva", joined=before),
        lea,
        person("Rémi Faure", "representative", before),
        person("Alix Roy", "administrator", before),
        person("Mo Haddad", "moderator", before),
    )
    if opened:
        if power in ("choose", "decide"):
            binding_poll(challenge, phases)
        made.open()
    return made
