"""The demo's spaces: real conversations and surveys as challenges, and one invented brand (demo_story.py).

Each challenge is brought in whole or not at all, so a demo that was stopped is completed by starting it again.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from estime.cocreation.api import Member, Space
    from estime.people.models import User

SLUG: Final = "conversations"
TITLE: Final = {"en": "Real conversations", "fr": "De vraies conversations"}
ABOUT: Final = {
    "en": "Five conversations held with Polis and a wiki survey, as the people in them left them: what they said, "
    "what they agree on, and what divides them. Nobody here belongs to a brand.",
    "fr": "Cinq conversations tenues avec Polis et une enquête par paires, telles que leurs participants les ont "
    "laissées\u00a0: ce qu’ils ont dit, ce qui les rassemble et ce qui les divise. Personne n’y appartient à une "
    "marque.",
}
Update = Callable[[int, int], None]


def spaces_ensure(folder: Path, manifest: dict[str, Any], administrator: "User", update: Update) -> bool:
    """Make what is missing; whether anything was."""
    from estime.cli.demo_people import STAFF
    from estime.cli.demo_story import story_ensure
    from estime.cocreation import api as cocreation
    from estime.people import api as people

    director = cocreation.member_of(administrator)
    wanted = [*_conversations(manifest), *manifest["surveys"]]
    space = _space(director, manifest)
    missing = [one for one in wanted if not _whole(one)]
    for number, one in enumerate(missing):
        update(number, len(missing) + 1)
        _bring(folder, space, one)
    update(len(missing), len(missing) + 1)
    staff = {}
    for key, role in STAFF.items():
        user = people.person_find(f"{role}@estime.example")
        assert user is not None  # noqa: S101  `people_ensure` makes them
        staff[key] = cocreation.member_of(user)
    told = story_ensure(folder, staff, director)
    update(len(missing) + 1, len(missing) + 1)
    return bool(missing) or told


def _conversations(manifest: dict[str, Any]) -> list[dict[str, str]]:
    """The Polis samples, in the order in which the manifest wants them shown: the last one stands first."""
    found = {one["channel"]: one for one in manifest["samples"] if one["format"] == "polis"}
    return [found[name] for name in reversed(manifest["conversations"])]


def _space(director: "Member", manifest: dict[str, Any]) -> "Space":
    from estime.cocreation import api as cocreation
    from estime.kernel.configuration import configuration

    known = cocreation.Space.objects.filter(slug=SLUG).first()
    if known is not None:
        return known
    language = configuration().site.languages[0]
    words = cocreation.SpaceWords(
        TITLE[language],
        ABOUT[language],
        language=language,
        attribution=manifest["space_attribution"],
        threshold=25,
    )
    return cocreation.space_make(director, words, slug=SLUG)


def _whole(told: dict[str, str]) -> bool:
    """Whether a challenge is here, counted and sealed."""
    from estime.cocreation import api as cocreation

    polls = cocreation.Poll.objects.filter(channel=told["channel"], challenge__source__isnull=False)
    return polls.filter(sealed__isnull=False).exists()


def _bring(folder: Path, space: "Space", told: dict[str, str]) -> None:
    from estime.channels.challenges import api as challenges
    from estime.ledger import api as ledger

    challenges.challenge_import(
        folder / told["path"],
        space,
        channel=told["channel"],
        format=told["format"],
        overrides=challenges.Overrides(title=told.get("question", ""), known=told["attribution"]),
    )
    ledger.channel_ensure(told["channel"], title=told["title"], attribution=told["attribution"])
