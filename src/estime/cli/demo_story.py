"""The demo's invented brand: a challenge lived from its first sentence to what was made of it, by the product's own
actions, each at its day in the past; and a question that is answered late.

The words and the calendar stand in samples/fiction/solvane.yaml. All of it is one transaction: it is there or not.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml
from django.db import transaction

from estime.cli.demo_drawing import strap_drawn
from estime.cli.demo_next import next_set_out
from estime.cocreation import api as cocreation
from estime.cocreation.api import Author, Contribution, Member, Space
from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger

BRIEF: Final = ("title", "problem", "known", "decided", "off_table", "decider", "resources")


class _Plain(yaml.SafeLoader):
    """YAML in which “on”, “yes” and “no” are words."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in known if tag != "tag:yaml.org,2002:bool"]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class Story:
    """One telling. `made`: what stands by now, by its key in the file. Days count from today, in UTC."""

    def __init__(self, told: dict[str, Any], staff: dict[str, Member], members: dict[str, Member]) -> None:
        self.told = told
        self.people = {**members, **staff}
        self.members = members
        self.lead, self.maker = staff["malo"], staff["ines"]
        self.made: dict[str, Any] = {}
        self._today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        self._language = configuration().site.languages[0]
        self._steps: list[tuple[datetime, int, Callable[[], object]]] = []
        self._draw = random.Random("solvane")  # noqa: S311  the same demo every time, nothing secret

    def at(self, day: float, hour: float = 0) -> datetime:
        return self._today + timedelta(days=day, hours=hour)

    def words(self, told: dict[str, str]) -> str:
        return str(told[self._language])

    def step(self, when: datetime, deed: Callable[..., object], *words: Any) -> None:
        """Something that happens at a moment; of the same moment, what was said first comes first."""
        self._steps.append((when, len(self._steps), partial(deed, *words, when=when)))

    def live(self) -> None:
        """Everything, in the order in which it happened."""
        for _when, _place, deed in sorted(self._steps, key=lambda each: each[:2]):
            deed()

    def before(self, day: float, *but: str) -> list[Member]:
        """Members who had joined by a day, in an order that is always the same and nobody's."""
        joined = {each["key"]: each["joined"] for each in self.told["members"]}
        found = [key for key in self.members if joined[key] < day and key not in but]
        self._draw.shuffle(found)
        return [self.members[key] for key in found]


def story_ensure(folder: Path, staff: dict[str, Member], administrator: Member) -> bool:
    """Tell the story, if it was not told yet; whether it was told now."""
    told = yaml.load((folder / "fiction" / "solvane.yaml").read_text("utf-8"), _Plain)  # noqa: S506  a safe loader
    if Space.objects.filter(slug=told["space"]["slug"]).exists():
        return False
    with transaction.atomic():
        members = {each["key"]: _member(each) for each in told["members"]}
        story = Story(told, staff, members)
        _set_out(story, administrator)
        story.live()
        title = story.words(told["space"]["title"])
        ledger.channel_ensure(cocreation.CHANNEL, title=f"{title} (Estime)", attribution=_invented(story))
    return True


def _invented(story: Story) -> str:
    return {
        "en": "Invented: people and brand are made up, to show how a challenge is lived.",
        "fr": "Inventé : personnes et marque n’existent pas ; on y voit comment un chantier se vit.",
    }[story._language]


def _member(told: dict[str, Any]) -> Member:
    """Somebody of the story: a login without a password, and a member since their day."""
    from estime.people import api as people

    email = f"{told['key']}@estime.example"
    user = people.person_find(email) or people.login_make(email, "member", people.Profile(name=told["name"]))
    member = cocreation.member_of(user)
    member.joined = clock.now() + timedelta(days=told["joined"])
    Member.objects.filter(pk=member.pk).update(joined=member.joined)
    return member


def _set_out(story: Story, administrator: Member) -> None:
    """Everything that will happen, each thing at its day."""
    _space(story, administrator)
    _challenge(story)
    for one in story.told["contributions"]:
        story.step(story.at(one["day"], 9), _publish, story, one)
    for one in story.told["contributions"]:
        _supports(story, one)
    for place, one in enumerate(story.told["comments"]):
        story.step(story.at(one["day"], 11 + place / 10), _comment, story, one)
    _improvement(story)
    for one in story.told["merges"]:
        _merge(story, one)
    _poll(story)
    for one in story.told["decisions"]:
        _decision(story, one)
    story.step(story.at(story.told["outcome"]["day"], 15), _outcome, story)
    _question(story)
    next_set_out(story)


def _space(story: Story, administrator: Member) -> None:
    told = story.told["space"]
    words = cocreation.SpaceWords(
        story.words(told["title"]),
        story.words(told["about"]),
        language=story._language,
        fictional=True,
        threshold=25,
    )
    story.made["space"] = cocreation.space_make(administrator, words, slug=told["slug"], when=story.at(-310))


def _challenge(story: Story) -> None:
    """Written the day before it opens; its rules are locked then."""
    told, space, lead = story.told["challenge"], story.made["space"], story.lead
    written = story.at(told["phases"]["propose"][0] - 1, 10)
    brief: dict[str, Any] = {name: story.words(told[name]) for name in BRIEF}
    phases = {kind: (story.at(first), story.at(last)) for kind, (first, last) in told["phases"].items()}
    words = cocreation.ChallengeWords(
        brief.pop("title"), told["power"], **brief, answer_by=phases["decide"][1]
    )
    challenge = story.made["challenge"] = cocreation.challenge_draft(lead, space, words, when=written)
    cocreation.phases_set(lead, challenge, phases)
    deal = cocreation.DealWords(**{part: story.words(text) for part, text in told["deal"].items()})
    cocreation.deal_write(lead, challenge, deal, when=written)
    poll = story.told["poll"]
    rules = cocreation.PollRules(story.words(poll["title"]), poll["method"], threshold=poll["threshold"])
    story.made["poll"] = cocreation.poll_draft(lead, challenge, rules, when=written)
    story.step(phases["propose"][0], _open, story)
    for entry in told["backstage"]:
        story.step(story.at(entry["day"], 8), _backstage, story, entry)


def _open(story: Story, when: datetime) -> None:
    story.made["challenge"] = cocreation.challenge_open(story.lead, story.made["challenge"], when=when)


def _backstage(story: Story, told: dict[str, Any], when: datetime) -> None:
    title, body = story.words(told["title"]), story.words(told["body"])
    cocreation.backstage_give(story.lead, story.made["challenge"], title, body, when=when)


def _publish(story: Story, told: dict[str, Any], when: datetime) -> None:
    by = story.people[told["by"]]
    draft = cocreation.draft_begin(by, cocreation.Place(story.made["challenge"]), when=when)
    words = cocreation.DraftWords(story.words(told["title"]), story.words(told["body"]), told["kind"])
    cocreation.draft_save(by, draft.pk, words, 0, when=when)
    story.made[told["key"]] = cocreation.contribution_publish(by, draft.pk, deal=1, when=when)


def _supports(story: Story, told: dict[str, Any]) -> None:
    """Over the two weeks after it was published."""
    for place, member in enumerate(story.before(told["day"], told["by"])[: told["supports"]]):
        when = story.at(told["day"], 12) + timedelta(hours=16 * place)
        story.step(min(when, story.at(-29)), _support, story, member, told["key"])


def _support(story: Story, member: Member, key: str, when: datetime) -> None:
    cocreation.support(member, story.made[key].pk, when=when)


def _comment(story: Story, told: dict[str, Any], when: datetime) -> None:
    parent = story.made[told["to"]].pk if "to" in told else None
    said = cocreation.Said(story.words(told["text"]), told.get("intent", ""), parent=parent)
    by, where = story.people[told["by"]], _fresh(story, told["on"])
    story.made[told["key"]] = cocreation.comment_write(by, where, said, when=when)


def _fresh(story: Story, key: str) -> Contribution:
    return Contribution.objects.select_related("space", "challenge").get(pk=story.made[key].pk)


def _improvement(story: Story) -> None:
    told = story.told["improvement"]
    story.step(story.at(told["day"], 17), _offer, story, told)
    story.step(story.at(told["adopted"], 18), _adopt, story, told)


def _offer(story: Story, told: dict[str, Any], when: datetime) -> None:
    where = _fresh(story, told["on"])
    offer = cocreation.Offer(where.title, story.words(told["body"]), where.version, _deal(where))
    said = cocreation.Said(story.words(told["text"]), "improvement")
    story.made["improvement"] = cocreation.comment_write(
        story.people[told["by"]], where, said, offer=offer, when=when
    )


def _adopt(story: Story, told: dict[str, Any], when: datetime) -> None:
    author = _fresh(story, told["on"]).author
    cocreation.edit_adopt(_as_login(author), story.made["improvement"].edit.pk, when=when)


def _deal(where: Contribution) -> int:
    """The version of the deal that whoever gives words to it agrees to."""
    deal = cocreation.deal_of(where.challenge) if where.challenge is not None else None
    return deal.version if deal is not None else 0


def _as_login(member: Member) -> Member:
    """A member as the one who signs in."""
    return Member.objects.select_related("user").get(pk=member.pk)


def _merge(story: Story, told: dict[str, Any]) -> None:
    key = f"merge/{told['into']}"
    story.step(story.at(told["day"], 10), _propose, story, told, key)
    story.step(story.at(told["agreed"], 10), _agree, story, told, key)
    if "undone" in told:
        story.step(story.at(told["undone"], 10), _undo, story, told, key)


def _propose(story: Story, told: dict[str, Any], key: str, when: datetime) -> None:
    head, parts = _fresh(story, told["into"]), [_fresh(story, part) for part in told["parts"]]
    body = "\n\n".join([head.body, *(part.body for part in parts)])
    versions = {one.pk: one.version for one in (head, *parts)}
    whole = cocreation.WholeWords(story.words(told["reason"]), head.title, body, versions, _deal(head))
    numbers = [part.pk for part in parts]
    story.made[key] = cocreation.merge_propose(story.people[told["by"]], head.pk, numbers, whole, when=when)


def _agree(story: Story, told: dict[str, Any], key: str, when: datetime) -> None:
    """All authors of every side, one after the other."""
    sides = [story.made[side].pk for side in (told["into"], *told["parts"])]
    asked = Author.objects.filter(contribution__in=sides, accepted__isnull=False, left=None)
    members = list(dict.fromkeys(asked.order_by("pk").values_list("member", flat=True)))
    for hour, member in enumerate(members):
        author = Member.objects.select_related("user").get(pk=member)
        cocreation.merge_agree(author, story.made[key].pk, when=when + timedelta(hours=hour))


def _undo(story: Story, told: dict[str, Any], key: str, when: datetime) -> None:
    author = _as_login(_fresh(story, told["into"]).author)
    cocreation.merge_undo(author, story.made[key].pk, story.words(told["undone_reason"]), when=when)


def _poll(story: Story) -> None:
    """Options the evening before, 28 voters over its days, the closing, the counting, and the sealing after a week."""
    told = story.told["poll"]
    first, last = story.told["challenge"]["phases"]["vote"]
    story.step(story.at(first, -2), _options, story, told)
    story.step(story.at(first), _vote_opens, story)
    ballots = [each["choose"] for each in told["ballots"] for _one in range(each["count"])]
    story._draw.shuffle(ballots)
    pause = timedelta(days=last - first - 1) / len(ballots)
    for place, (member, chosen) in enumerate(zip(story.before(first), ballots, strict=False)):
        story.step(story.at(first, 7) + place * pause, _vote, story, member, chosen)
    story.step(story.at(last), _vote_closes, story)
    story.step(story.at(last + 14, 1), _vote_sealed, story)


def _options(story: Story, told: dict[str, Any], when: datetime) -> None:
    chosen = [_fresh(story, key) for key in told["options"]]
    cocreation.options_from_contributions(story.lead, story.made["poll"], chosen, when=when)


def _vote_opens(story: Story, when: datetime) -> None:
    story.made["poll"] = cocreation.poll_open(story.made["poll"], when=when)


def _vote(story: Story, member: Member, chosen: list[str], when: datetime) -> None:
    poll = story.made["poll"]
    numbers = {option.contribution_id: option.number for option in cocreation.options_of(poll)}
    cocreation.ballot_cast(poll, member, [numbers[story.made[key].pk] for key in chosen], when=when)


def _vote_closes(story: Story, when: datetime) -> None:
    story.made["poll"] = cocreation.poll_close(story.made["poll"], when=when)
    cocreation.poll_count(story.made["poll"], when=when)


def _vote_sealed(story: Story, when: datetime) -> None:
    poll = type(story.made["poll"]).objects.get(pk=story.made["poll"].pk)
    if when <= clock.now() and poll.objections_until is not None and poll.objections_until <= when:
        cocreation.poll_seal(poll, when=when)


def _decision(story: Story, told: dict[str, Any]) -> None:
    key = f"decision/{told['on']}"
    story.step(story.at(told["day"], 14), _decide, story, told, key)
    for place, (member, says) in enumerate(told.get("considered", {}).items()):
        story.step(story.at(told["day"] + 1, 18 + place), _consider, story, member, says, key)
    promise = told.get("promise", {})
    if "kept" in promise:
        story.step(story.at(promise["kept"], 16), _keep, story, told, key)


def _decide(story: Story, told: dict[str, Any], key: str, when: datetime) -> None:
    again = story.at(told["again"]).date() if "again" in told else None
    words = cocreation.DecisionWords(
        told["outcome"], story.words(told["reason"]), story.words(told["lives_on"]), again
    )
    promise = told.get("promise")
    pledge = (
        cocreation.PledgeWords(story.words(promise["what"]), story.at(promise["due"], 20))
        if promise
        else None
    )
    story.made[key] = cocreation.decision_write(
        story.people[told["by"]], story.made[told["on"]].pk, words, promise=pledge, when=when
    )


def _consider(story: Story, member: str, says: str, key: str, when: datetime) -> None:
    cocreation.considered_decision(story.people[member], story.made[key].pk, says, when=when)


def _keep(story: Story, told: dict[str, Any], key: str, when: datetime) -> None:
    pledge = story.made[key].contribution.pledges.get()
    cocreation.pledge_keep(
        story.people[told["by"]], pledge.pk, story.words(told["promise"]["kept_words"]), when=when
    )


def _outcome(story: Story, when: datetime) -> None:
    told, lead = story.told["outcome"], story.lead
    title = story.words(told["title"])
    picture = cocreation.picture_add(lead, story.made["space"], strap_drawn(), title, when=when)
    words = cocreation.OutcomeWords(title, story.words(told["body"]), when.date(), [picture.pk])
    sources = cocreation.lineage(story.made[key].pk for key in told["from"])
    cocreation.outcome_make(lead, story.made["challenge"].pk, words, sources, when=when)


def _question(story: Story) -> None:
    """Asked in the space; the 25th person joins on the day that the file says, one more the day after."""
    told = story.told["interpellation"]
    story.step(story.at(told["day"], 13), _ask, story, told)
    others = story.before(told["day"], told["by"])[: told["joins"] - 1]
    enough = story.made["space"].threshold - 2
    for place, member in enumerate(others):
        share = min(place / enough, 1)
        when = story.at(told["day"], 15) + share * (story.at(told["reached"], 12) - story.at(told["day"], 15))
        late = timedelta(days=1 if place > enough else 0)
        story.step(when + late, _join, story, member)
    story.step(story.at(told["answer"]["day"], 11), _answer, story, told)


def _ask(story: Story, told: dict[str, Any], when: datetime) -> None:
    words = cocreation.QuestionWords(story.words(told["title"]), story.words(told["body"]), story._language)
    story.made["question"] = cocreation.question_ask(
        story.people[told["by"]], story.made["space"], words, when=when
    )


def _join(story: Story, member: Member, when: datetime) -> None:
    cocreation.question_join(member, story.made["question"].pk, when=when)


def _answer(story: Story, told: dict[str, Any], when: datetime) -> None:
    answer = told["answer"]
    cocreation.question_answer(
        story.people[answer["by"]], story.made["question"].pk, story.words(answer["text"]), when=when
    )
