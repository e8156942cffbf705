"""The invented brand's second challenge, which is open: whoever tries the demo finds something to give to."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from estime.cocreation import api as cocreation

if TYPE_CHECKING:
    from estime.cli.demo_story import Story

BRIEF: Final = ("title", "problem", "known", "decided", "off_table", "decider", "resources")
PLACE: Final = "next"


def next_set_out(story: "Story") -> None:
    """All that happened in it so far, each thing at its day."""
    told = story.told["next"]
    opened = story.at(told["phases"]["propose"][0])
    story.step(opened - timedelta(days=1), _write, story, told)
    story.step(opened, _open, story)
    for one in told["contributions"]:
        story.step(story.at(one["day"], 9), _publish, story, one)
        for place, member in enumerate(story.before(one["day"], one["by"])[: one["supports"]]):
            when = story.at(one["day"], 12) + timedelta(hours=7 * place)
            story.step(min(when, story.at(-1)), _support, story, member, one["key"])
    for one in told["comments"]:
        story.step(story.at(one["day"], 13), _comment, story, one)


def _write(story: "Story", told: dict[str, Any], when: datetime) -> None:
    brief: dict[str, Any] = {name: story.words(told[name]) for name in BRIEF}
    phases = {kind: (story.at(first), story.at(last)) for kind, (first, last) in told["phases"].items()}
    words = cocreation.ChallengeWords(
        brief.pop("title"), told["power"], **brief, answer_by=phases["decide"][1]
    )
    made = cocreation.challenge_draft(story.lead, story.made["space"], words, when=when)
    cocreation.phases_set(story.lead, made, phases)
    deal = {part: story.words(text) for part, text in story.told["challenge"]["deal"].items()}
    cocreation.deal_write(story.lead, made, cocreation.DealWords(**deal), when=when)
    story.made[PLACE] = made


def _open(story: "Story", when: datetime) -> None:
    story.made[PLACE] = cocreation.challenge_open(story.lead, story.made[PLACE], when=when)


def _publish(story: "Story", told: dict[str, Any], when: datetime) -> None:
    by = story.people[told["by"]]
    draft = cocreation.draft_begin(by, cocreation.Place(story.made[PLACE]), when=when)
    words = cocreation.DraftWords(story.words(told["title"]), story.words(told["body"]), told["kind"])
    cocreation.draft_save(by, draft.pk, words, 0, when=when)
    story.made[told["key"]] = cocreation.contribution_publish(by, draft.pk, deal=1, when=when)


def _support(story: "Story", member: cocreation.Member, key: str, when: datetime) -> None:
    cocreation.support(member, story.made[key].pk, when=when)


def _comment(story: "Story", told: dict[str, Any], when: datetime) -> None:
    said = cocreation.Said(story.words(told["text"]), told["intent"])
    where = cocreation.Contribution.objects.select_related("space", "challenge").get(
        pk=story.made[told["on"]].pk
    )
    cocreation.comment_write(story.people[told["by"]], where, said, when=when)
