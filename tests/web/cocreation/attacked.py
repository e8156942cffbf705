"""A place in which each text that anybody can write is hostile, and each address of co-creation that shows or takes it.

`World`: the ids, by name. `ADDRESSES`: each name of an address with its arguments, and what a member who has nothing to
do with it gets there. test_attacks_pages.py walks them; an address without a line here fails it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any, Final

from cocreation import writing
from cocreation.places import Place, binding_poll, calendar, challenge_made, person
from cocreation.writing import offered

from estime.cocreation import api
from estime.cocreation import models as m
from estime.kernel.ids import uuid7

MARK: Final = "zq"
"""The tag, the function and the attribute that nothing of ours has: seen as such, the text got through."""
HOSTILE: Final = (
    "\"'><zq onload=zq()>Zonk</zq></title></textarea></script><script>zq()</script>"
    "<svg/onload=zq()><img src=x onerror=zq()>{{7*7}}{% zq %}&lt;zq&gt; javascript:zq() \u202ezq\u202c"
)
MARKDOWN: Final = (
    f"{HOSTILE}\n\n[a](javascript:zq()) [b](data:text/html,zq) ![c](https://evil.example/zq.png)\n\n"
    "<zq>\n\n```\n</code><zq>\n```\n\n| a |\n|---|\n| <zq onclick=zq()> |\n"
)


@dataclass
class World:
    """Where everything is: ids for addresses, and who is who."""

    place: Place
    ids: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.ids[name]


def given(*args: Any, **more: Any) -> m.Contribution:
    m.Echo.objects.all().delete()  # the same hostile text is said again and again here
    return writing.given(*args, **more)


def said(*args: Any, **more: Any) -> m.Comment:
    m.Echo.objects.all().delete()
    return writing.said(*args, **more)


def world(
    place: Callable[..., Place], *, public: bool = True, text: str = HOSTILE, body: str = MARKDOWN
) -> World:
    """Everything co-creation has, once; texts are `text` (one line) and `body` (Markdown)."""
    made = place("propose", "answer", public=public)
    seen = text.replace("\u202e", "").replace("\u202c", "")  # what writes these two does not clean itself
    there = World(made)
    for one in [*made.members, made.lea, made.remi, made.mo]:
        one.name = f"{one.name} {seen}"[:150]
        one.user.name = one.name  # type: ignore[union-attr]
        one.user.save()  # type: ignore[union-attr]
        one.save()
    m.Space.objects.filter(pk=made.space.pk).update(
        title=f"Space {seen}"[:120], about=body.replace(text, seen), attribution=seen
    )
    made.space.refresh_from_db()
    for write in (_given, _answered, _asked, _moderated):
        there.ids.update(write(there, text, body))
    for write in (_voted, _set_up):
        there.ids.update(write(there, seen, body))
    return there


def _given(there: World, text: str, body: str) -> dict[str, Any]:
    made, anna, ben = there.place, there.place.anna, there.place.ben
    picture = m.Picture.objects.create(
        id=uuid7(), owner=anna, space=made.space, sha256="ab" * 32, width=4, height=4, size=9, alt=text[:300],
        at=made.at,
    )  # fmt: skip
    idea = given(made, anna, f"Idea {text}"[:160], f"{body}\n\n![{text[:9]}](picture:{picture.pk})")
    built = given(made, ben, f"Built {text}"[:160], f"Otherwise than that. {body}", built_on=idea)
    m.Echo.objects.all().delete()
    edit = offered(made, ben, idea, f"Better. {body}", title=f"Edit {text}"[:160])
    comment = said(made, ben, idea, f"Comment. {body}", intent="concern")
    said(made, made.chloe, idea, f"I answer. {text}", parent=comment.pk)
    on_challenge = said(made, ben, made.challenge, f"Of the challenge. {text}")
    api.version_write(
        anna, idea.pk, api.NewWords(f"Idea again {text}"[:160], body, text[:200]), 1, when=made.at
    )
    api.coauthor_invite(anna, idea.pk, made.chloe, when=made.at)
    draft = api.draft_begin(anna, api.Place(made.challenge), when=made.at)
    api.draft_save(anna, draft.pk, api.DraftWords(f"Draft {text}"[:160], f"Own. {body}"), 0, when=made.at)
    entry = api.backstage_give(made.lea, made.challenge, f"Back {text}"[:160], body, when=made.at)
    file = api.backstage_file_give(
        made.lea, entry, BytesIO(b"%PDF-1.4\n%%EOF\n"), f"{text[:5]}b.pdf", when=made.at
    )
    return {
        "idea": idea.pk, "built": built.pk, "edit": edit.pk, "comment": comment.pk, "picture": picture.pk,
        "draft": draft.pk, "entry": entry.pk, "file": file.pk, "said": on_challenge.pk,
    }  # fmt: skip


def _answered(there: World, text: str, body: str) -> dict[str, Any]:
    made, built = there.place, there["built"]
    words = api.DecisionWords("taken", f"Because. {text}", f"This lives on: {text}")
    decision = api.decision_write(made.remi, built, words, when=made.at)
    one = m.Contribution.objects.get(pk=built)
    pledge = api.pledge_make(
        made.remi, one, api.PledgeWords(f"Pledge {text}", made.at + timedelta(9)), when=made.at
    )
    outcome = api.outcome_make(
        made.lea, made.challenge.pk, api.OutcomeWords(f"Made {text}"[:160], body, made.at.date()),
        [api.Source("built_on", built)], when=made.at,
    )  # fmt: skip
    return {"decision": decision.pk, "pledge": pledge.pk, "outcome": outcome.pk}


def _asked(there: World, text: str, body: str) -> dict[str, Any]:
    made = there.place
    m.Echo.objects.all().delete()
    question = api.question_ask(
        made.anna, made.space, api.QuestionWords(f"Question {text}"[:200], f"Tell us. {body}"), when=made.at
    )
    api.question_join(made.ben, question.pk, when=made.at)
    said(made, made.chloe, question, f"I ask it as well. {text}")
    api.question_answer(made.remi, question.pk, f"So it is. {body}", when=made.at)
    return {"question": question.pk}


def _voted(there: World, text: str, body: str) -> dict[str, Any]:
    """A challenge that votes, and one whose vote is over and was objected to."""
    made = there.place
    phases = calendar("vote", made.at)
    challenge = challenge_made(made.lea, made.space, phases, power="choose", title=f"Votes {text}"[:120])
    poll = binding_poll(challenge, phases, title=f"Poll {text}"[:160])
    for number in (1, 2):
        m.Option.objects.create(poll=poll, number=number, title=f"Option {number} {text}"[:200], at=made.at)
    challenge = api.challenge_open(made.lea, challenge, when=challenge.created)
    api.poll_open(m.Poll.objects.get(pk=poll.pk), when=poll.opens)
    api.ballot_cast(m.Poll.objects.get(pk=poll.pk), made.anna, [1], when=made.at)
    ids = {"voting": challenge.pk, "poll": poll.pk}
    return {**ids, **_over(there, text)}


def _over(there: World, text: str) -> dict[str, Any]:
    made = there.place
    then = made.at - timedelta(days=40)
    phases = calendar("vote", then)
    challenge = challenge_made(made.lea, made.space, phases, power="decide", title=f"Over {text}"[:120])
    poll = binding_poll(challenge, phases, title=f"Poll over {text}"[:160])
    for number in (1, 2):
        m.Option.objects.create(poll=poll, number=number, title=f"Option {number} {text}"[:200], at=then)
    challenge = api.challenge_open(made.lea, challenge, when=challenge.created)
    api.poll_open(m.Poll.objects.get(pk=poll.pk), when=poll.opens)
    api.ballot_cast(m.Poll.objects.get(pk=poll.pk), made.anna, [1], when=then)
    api.poll_close(m.Poll.objects.get(pk=poll.pk), when=poll.closes)
    api.poll_count(m.Poll.objects.get(pk=poll.pk), when=poll.closes)
    counted = m.Poll.objects.get(pk=poll.pk)
    objection = api.poll_object(
        made.anna, counted, f"Objection {text}", when=poll.closes + timedelta(hours=1)
    )
    api.decision_override(
        made.alix, challenge,
        api.OverrideWords(f"Director {text}"[:80], f"Reason {text}", f"Instead {text}"),
        when=poll.closes + timedelta(days=1),
    )  # fmt: skip
    return {"over": challenge.pk, "counted": poll.pk, "objection": objection.pk}


def _set_up(there: World, text: str, body: str) -> dict[str, Any]:
    """A draft of a challenge with a vote that is being prepared, and a challenge of a member."""
    made = there.place
    words = api.ChallengeWords(f"Draft {text}"[:120], problem=body, known=text, decided=text, off_table=text,
                               decider=text[:200], resources=text)  # fmt: skip
    draft = api.challenge_draft(made.lea, made.space, words, when=made.at)
    phases = calendar("propose", made.at + timedelta(days=20))
    api.phases_set(made.lea, draft, phases)
    poll = binding_poll(draft, phases, title=f"Poll to be {text}"[:160])
    own = api.challenge_draft(made.anna, made.space, api.ChallengeWords(f"Own {text}"[:120]), when=made.at)
    return {"preparing": draft.pk, "draft_poll": poll.pk, "own": own.pk}


def _moderated(there: World, text: str, body: str) -> dict[str, Any]:
    made = there.place
    hidden = said(made, made.anna, m.Contribution.objects.get(pk=there["idea"]), f"Hidden words {text}")
    report = api.report(made.ben, hidden, "other", f"Report {text}", when=made.at)
    hiding = api.hide(made.mo, hidden, api.Why("hateful", f"Why {text}", True), when=made.at)
    appeal = api.appeal(made.anna, hiding, f"Appeal {text}", when=made.at)
    open_one = api.report(
        made.ben, m.Contribution.objects.get(pk=there["idea"]), "other", f"R {text}", when=made.at
    )
    hint = m.Hint.objects.create(
        space=made.space, kind="ring", sign="s", at=made.at,
        data={"members": [made.anna.pk, made.ben.pk], "things": [f"contribution/{there['idea']}"], "together": 5,
              "expected": 0.1, "chance": 0.0001, "minutes": 10, "false": 0, "shuffles": 100, "days": 60},
    )  # fmt: skip
    return {"hidden": hidden.pk, "report": report.pk, "hiding": hiding.pk, "appeal": appeal.pk, "hint": hint.pk,
            "open_report": open_one.pk}  # fmt: skip


def _stranger(role: str = "member") -> m.Member:
    """Somebody who has nothing to do with any of it."""
    return person("Nobody Else", role)


@dataclass(frozen=True)
class Address:
    """`args`: names of ids, or values. `other`: what a member who has nothing to do with it gets: "reads" the page,
    "does" (a deed that everybody may do), "mine" (only their own is there), "refused" (and nothing changes)."""

    args: tuple[Any, ...]
    other: str = "refused"
    posts: tuple[tuple[str, str], ...] = ()


def of(*args: Any, other: str = "refused", **posts: str) -> Address:
    return Address(args, other, tuple(posts.items()))


SLUG: Final = "slug"
MAIN: Final = "main"
ADDRESSES: Final[dict[str, Address]] = {
    # spaces and challenges
    "spaces": of(other="reads"),
    "space-new": of(title="Mine", threshold="3", readers="members"),
    "space": of(SLUG, other="reads"),
    "space-change": of(SLUG, title="Taken over", threshold="1", readers="everybody"),
    "power": of(SLUG, other="reads"),
    "power-list": of(SLUG, "'hidden", other="reads"),
    "challenge-new": of(SLUG, other="does", title="Mine"),
    "challenges": of(other="reads"),
    "challenge": of(MAIN, other="reads"),
    "challenge-step": of("preparing", "'question", title="Taken over"),
    "challenge-open": of("preparing"),
    "challenge-discard": of("preparing"),
    "challenge-extend": of(MAIN, phase="propose", reason="Mine", until="2099-01-01", ends="2099-01-01T00:00"),
    "challenge-cancel": of(MAIN, reason="Mine", sure="1"),
    "challenge-override": of("voting", title="Director", reason="Mine", instead="Mine", sure="1"),
    "deal": of(MAIN, other="reads"),
    "deal-change": of(MAIN, owns="Me", reason="Mine"),
    "backstage": of(MAIN, other="reads"),
    "backstage-give": of(MAIN, title="Mine", body="Mine"),
    "backstage-change": of(MAIN, "entry", title="Mine", body="Mine"),
    "backstage-attach": of(MAIN, "entry"),
    "backstage-drop": of(MAIN, "file"),
    "backstage-file": of("file", other="reads"),
    # contributions
    "ideas": of(MAIN, other="reads"),
    "write": of(MAIN, other="reads"),
    "similar-titles": of(MAIN, other="does", title="A lid"),
    "challenge-follow": of(MAIN, other="does"),
    "challenge-comment": of(MAIN, other="does", body="I say so."),
    "question-comment": of("question", other="does", body="I say so."),
    "space-ideas": of(SLUG, other="reads"),
    "newcomers": of(SLUG, other="reads"),
    "drafts": of(other="mine"),
    "draft": of("draft", title="Taken over", body="x", saved="1", kind="idea", do="publish"),
    "draft-discard": of("draft"),
    "idea": of("idea", other="reads"),
    "idea-support": of("idea", other="does"),
    "idea-follow": of("idea", other="does"),
    "idea-withdraw": of("idea"),
    "idea-write": of("idea"),
    "idea-improve": of("idea", other="does", title="Better", body="So.", base="2"),
    "idea-versions": of("idea", other="reads"),
    "version-disown": of("idea", "=1", reason="Not mine."),
    "idea-authors": of("idea", member="m-x", do="invite"),
    "idea-invitation": of("idea", do="accept", deal="1", agreed="1"),
    "idea-comment": of("idea", other="does", body="I say so."),
    "comment": of("comment", other="reads"),
    "comment-wordings": of("comment", other="reads"),
    "comment-edit": of("comment", body="Taken over."),
    "comment-withdraw": of("comment"),
    "improvement": of("edit", other="reads"),
    "improvement-decline": of("edit", reason="No."),
    "people-suggested": of("'contribution", "idea", other="does", name="An"),
    "picture": of("picture", other="reads"),
    "picture-small": of("picture", other="reads"),
    # votes
    "challenge-votes": of("voting", other="reads"),
    "poll-new": of("preparing", title="Mine", method="approval"),
    "votes-secret": of(other="reads"),
    "vote": of("poll", other="reads"),
    "vote-cast": of("poll", other="does", choice="1"),
    "vote-take-back": of("poll", other="does"),
    "vote-withdraw": of("poll", other="does"),
    "vote-answer": of("poll", other="refused"),
    "vote-propose": of("poll", title="Mine"),
    "option-hide": of("poll", option="1", reason="hateful"),
    "poll-set-up": of("draft_poll", title="Mine"),
    "poll-options": of("draft_poll", do="add", title="Mine"),
    "poll-lock": of("draft_poll"),
    "poll-discard": of("draft_poll"),
    "vote-result": of("counted", other="reads"),
    "vote-data": of("counted", other="does"),
    "vote-object": of("counted", words="I did not vote."),
    "objection": of("objection", other="does", answer="Mine."),
    "objection-answer": of("counted", "objection", answer="Mine."),
    # what becomes of it
    "questions": of(SLUG, other="reads"),
    "question-ask": of(SLUG, other="does", title="Why?"),
    "considered": of(SLUG, other="reads"),
    "space-feed": of(SLUG, other="reads"),
    "challenge-question-ask": of(MAIN, other="does", title="Why?"),
    "interpellation": of("question", other="reads"),
    "question-join": of("question", other="does"),
    "question-leave": of("question", other="does"),
    "question-withdraw": of("question"),
    "question-answer-public": of("question", body="Mine."),
    "question-considered": of("question", says="no"),
    "question-pledge": of("question", what="Mine", due="2099-01-01"),
    "decide": of("idea", outcome="taken", reason="Mine", lives_on="Mine"),
    "idea-pledge": of("idea", what="Mine", due="2099-01-01"),
    "decision": of("decision", outcome="taken", reason="Mine", lives_on="Mine"),
    "decision-considered": of("decision", says="no"),
    "pledge": of("pledge", do="keep", words="Mine"),
    "answers": of(MAIN),
    "challenge-decisions": of(MAIN, other="reads"),
    "challenge-pledge": of(MAIN, what="Mine", due="2099-01-01"),
    "challenge-outcomes": of(MAIN, other="reads"),
    "outcome-new": of(MAIN, title="Mine", body="Mine", made="2026-01-01"),
    "outcome": of("outcome", other="reads"),
    "vote-made": of("counted"),
    "challenge-feed": of(MAIN, other="reads"),
    "challenge-card": of(MAIN, other="reads"),
    "widget": of(MAIN, other="reads"),
    "mine": of(other="mine"),
    "mine-taken": of(other="mine"),
    "digest-settings": of(other="mine", digest="never"),
    "digest-stop": of("'not-ours"),
    # moderation
    "report": of("'comment", "comment", other="does", reason="hateful"),
    "hidden-list": of(SLUG, other="reads"),
    "hidden": of("hiding"),
    "hidden-appeal": of("hiding", words="Mine."),
    "moderation": of(),
    "moderation-report": of("open_report"),
    "moderation-appeals": of(),
    "moderation-appeal": of("appeal", answer="Mine.", granted="yes"),
    "moderation-hints": of(),
    "moderation-hint": of("hint", note="Mine."),
    "moderation-log": of(),
    "moderation-look": of("'comment", "comment"),
    "moderation-keep": of("'comment", "comment"),
    "moderation-hide": of(
        "'comment", "comment", reason="hateful", criticism="no",
        words="It says where one of us lives, with the number of the house.",
    ),
    "moderation-show": of("'comment", "hidden", lifted="Mine."),
}  # fmt: skip


def filled(there: World, told: Any) -> Any:
    """An argument as it stands in an address."""
    if told == SLUG:
        return there.place.space.slug
    if told == MAIN:
        return there.place.challenge.pk
    if told.startswith(("'", "=")):
        return told[1:]
    return there[told]
