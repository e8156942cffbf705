"""Co-creation in the installation of the browser tests: a space with challenges in each state, made as in life.

Helpers of other pages add theirs here: `filled` tells ids by name, which `pages.py` puts into addresses.
"""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from browser.filling_asking import asking_filled
from browser.filling_ideas import ideas_filled
from browser.filling_loop import loop_filled
from browser.filling_map import map_filled
from browser.filling_moderation import moderation_filled
from browser.filling_topics import topics_filled
from browser.filling_votes import votes_filled
from estime.cocreation import api
from estime.cocreation.api import Challenge, Member, Space
from estime.kernel import clock
from estime.people.models import User

DAY = timedelta(days=1)
DEAL = api.DealWords("À vous.", "Pour nous servir.", "Merci.", "Rien.", "Tant pis.", "Dites-le.")
PHASES = ("propose", "build", "decide")


def filled(staff: dict[str, User]) -> dict[str, Any]:
    """A space that strangers read, one for members only; challenges: a draft, open, of a member, off, over."""
    at = clock.now()
    lead, member = (api.member_of(staff[name]) for name in ("lead", "member"))
    space = api.space_make(
        lead, api.SpaceWords("La gourde", "**Gourdes** 2027."), slug="gourde", when=at - 90 * DAY
    )
    api.space_make(lead, api.SpaceWords("Atelier", public=False), slug="atelier", when=at - 90 * DAY)
    made = {
        "open": _opened(lead, space, "Bouchon 1", at - 5 * DAY),
        "own": _opened(member, space, "Pique-nique 2", at - 5 * DAY),
        "over": _opened(lead, space, "Sangle 3", at - 80 * DAY),
        "off": _opened(lead, space, "Couleur 4", at - 5 * DAY),
        "draft": api.challenge_draft(lead, space, api.ChallengeWords("Étiquette 5"), when=at),
    }
    opened, now = made["open"], clock.now()
    until = opened.phases.get(kind="propose").ends + 3 * DAY
    api.challenge_extend(lead, opened, "propose", until, "Raison 6.", when=now)
    api.deal_write(lead, opened, DEAL._replace(owns="À tous."), reason="Raison 7.", when=now)
    entry = api.backstage_give(lead, opened, "Plan 8", "Voir **ici**.", when=now)
    file = api.backstage_file_give(
        lead, entry, BytesIO(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"), "plan.pdf"
    )
    api.challenge_cancel(lead, made["off"], "Raison 9.", when=now)
    given = ideas_filled(member, opened)
    return {
        "challenges": {name: str(one.pk) for name, one in made.items()},
        "space": space.slug,
        "backstage": str(entry.pk),
        "backstage_file": str(file.pk),
        **given,
        **loop_filled(lead, member, opened, given["ideas"]),
        **asking_filled(member, opened),
        **map_filled(member),
        **topics_filled(),
        "votes": votes_filled(lead, member, space),
        "moderated": moderation_filled(staff, space),
    }


def _opened(by: Member, space: Space, title: str, start: datetime) -> Challenge:
    """A challenge whose first phase began at `start`."""
    moments = {kind: (start + 20 * n * DAY, start + 20 * (n + 1) * DAY) for n, kind in enumerate(PHASES)}
    words = api.ChallengeWords(
        title, problem="Un souci.", known="Trois essais.", decided="Le moule.", off_table="Le plastique.",
        decider="Malo Roux", resources="3 000 €", answer_by=start + 70 * DAY,
    )  # fmt: skip
    challenge = api.challenge_draft(by, space, words, when=start)
    api.phases_set(by, challenge, moments)
    api.deal_write(by, challenge, DEAL, when=start)
    return api.challenge_open(by, challenge, when=start)
