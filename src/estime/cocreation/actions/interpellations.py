"""Questions to the brand (*interpellations*): asked, joined with one click, left, taken back, answered by name.

Whoever joins or leaves locks the question's row: the number of those who ask, and the moment when there were enough,
are counted there and nowhere else. `reached` is set once; whoever leaves later takes nothing from it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from estime.cocreation.acts import act_write, object_id, source_new
from estime.cocreation.checks import check_words
from estime.cocreation.errors import NotFound, NotNow
from estime.cocreation.limits import check_limits, check_links
from estime.cocreation.models import Answer, Challenge, Interpellation, Joining, Member, Space
from estime.cocreation.naming import check_member, check_speaks, voice
from estime.cocreation.news import event_tell
from estime.cocreation.queries.phases import challenge_hidden_now
from estime.cocreation.repetition import check_repeated, repeated_note
from estime.kernel import clock
from estime.kernel.configuration import configuration

LONGEST_TITLE, LONGEST_BODY, LONGEST_ANSWER = 200, 10_000, 20_000


class QuestionWords(NamedTuple):
    """What is asked. `once`: a random word of the form it came from, so that sending it twice asks once."""

    title: str
    body: str = ""
    lang: str = ""
    once: str = ""


def question_ask(
    by: Member, where: Space | Challenge, words: QuestionWords, *, when: datetime | None = None
) -> Interpellation:
    """Put a question to the brand. Whoever asks is the first to join.

    Raises `NotAllowed` (the brand's own people), `WordsMissing`, `WordsTooMany`, `NotNow` (a challenge not open yet).
    """
    check_member(by)
    title = " ".join(check_words(words.title, "title", LONGEST_TITLE).split())
    body = check_words(words.body, "body", LONGEST_BODY, needed=False)
    challenge, space = (where, where.space) if isinstance(where, Challenge) else (None, where)
    if challenge is not None and challenge.opened is None:
        raise NotNow(_("This challenge is not open yet."), todo=_("Ask in its space."))
    if challenge is not None and challenge.hidden:
        raise challenge_hidden_now()
    at = when or clock.now()
    source = f"interpellation/{by.pk}-{words.once[:64]}" if words.once else source_new("interpellation")
    with transaction.atomic():
        check_limits(by, "questions", at)
        Member.objects.select_for_update(no_key=True).only("pk").get(
            pk=by.pk
        )  # the same form sent twice comes one by one
        known = Interpellation.objects.filter(source=source).first()
        if known is not None:
            return known
        check_links(by, f"{title}\n\n{body}", "body", at)
        heard = check_repeated(by, f"{title}\n\n{body}", at)
        question = Interpellation.objects.create(
            space=space,
            challenge=challenge,
            author=by,
            title=title,
            body=body,
            lang=words.lang[:12],
            threshold=space.threshold,
            at=at,
            source=source,
        )
        act_write(
            by, "Create", question, at, object_type="Question", content=f"{title}\n\n{body}".strip(),
            context=object_id(challenge or space), lang=words.lang[:12] or None, source_id=source,
        )  # fmt: skip
        event_tell("asked", by, at, question)
        _joined(question, by, at)
        repeated_note(by, heard, question, space.pk)
    return question


def question_join(by: Member, question: int, *, when: datetime | None = None) -> Interpellation:
    """Ask the same. Doing it twice is doing it once. Raises `NotAllowed`, `NotFound`, `NotNow` (taken back)."""
    check_member(by)
    at = when or clock.now()
    with transaction.atomic():
        check_limits(by, "joins", at)
        held = _held(question)
        _check_stands(held)
        row = _joined(held, by, at)
        if row is not None:  # no `Join`, which says that somebody became a member of something
            act_write(
                by, "Create", held, at, source_id=_source(row), object_type="Vote", context=_context(held)
            )
            event_tell("joined", by, at, held)
    return held


def question_leave(by: Member, question: int, *, when: datetime | None = None) -> Interpellation:
    """Ask it no more: the number goes down, and an answer that is owed stays owed.

    Raises `NotNow` for whoever asked it first, until there were enough: until then it can be taken back.
    """
    check_member(by)
    at = when or clock.now()
    with transaction.atomic():
        check_limits(by, "joins", at)
        held = _held(question)
        if held.author_id == by.pk and held.reached is None and held.withdrawn is None:
            raise NotNow(_("You asked this question."), todo=_("You can take it back."))
        row = Joining.objects.filter(interpellation=held, member=by).first()
        if row is not None:
            source = _source(row)
            row.delete()
            held.joined -= 1
            held.save(update_fields=["joined"])
            act_write(by, "Undo", source, at, object_type="Vote", context=_context(held))
    return held


def question_withdraw(by: Member, question: int, *, when: datetime | None = None) -> Interpellation:
    """Take a question back, as whoever asked it, while it is not everybody's yet.

    Raises `NotFound` for somebody else's, `NotNow` once enough people ask it: it is owed an answer, and theirs too.
    """
    at = when or clock.now()
    with transaction.atomic():
        held = _held(question)
        if held.author_id != by.pk:
            raise NotFound(_("This question is not yours."), todo=_("Go back to the question."))
        if held.withdrawn is not None:
            return held
        if held.reached is not None or held.answered is not None:
            raise NotNow(
                _("Others ask this with you, or it has its answer: it stays."),
                todo=_("You can leave it, as everybody can."),
            )
        held.withdrawn = at
        held.save(update_fields=["withdrawn"])
        act_write(by, "Delete", held, at, object_type="Question", context=_context(held))
        event_tell("question_withdrawn", by, at, held)
    return held


def question_answer(by: Member, question: int, body: str, *, when: datetime | None = None) -> Answer:
    """Answer in one's own name, before enough people ask too; a later answer adds to the ones before.

    Raises `NotAllowed`, `WordsMissing` (no words, or no name), `WordsTooMany`, `NotFound`, `NotNow` (taken back).
    """
    name = check_speaks(by)
    words = check_words(body, "body", LONGEST_ANSWER)
    at = when or clock.now()
    with transaction.atomic():
        held = _held(question)
        last = held.answers.order_by("-number").first()
        if last is not None and (last.by_id, last.body) == (by.pk, words):
            return last
        _check_asked(held)  # one that is hidden can be answered: hiding settles no debt
        answer = Answer.objects.create(
            interpellation=held, number=last.number + 1 if last else 1, by=by, name=name, body=words, at=at
        )
        if held.answered is None:
            held.answered = at
            held.save(update_fields=["answered"])
        act_write(
            by, "Create", f"answer/{answer.pk}", at, object_type="Note", content=words,
            in_reply_to=object_id(held), context=_context(held), on_behalf_of=voice(),
        )  # fmt: skip
        event_tell("answered", by, at, held, answer=answer.pk, number=answer.number)
    return answer


def _held(question: int) -> Interpellation:
    held = Interpellation.objects.select_for_update(no_key=True).filter(pk=question, erased=False).first()
    if held is None:
        raise NotFound(_("There is no such question."), todo=_("Go back to the list."))
    return held


def _check_asked(question: Interpellation) -> None:
    if question.withdrawn is not None:
        raise NotNow(_("Whoever asked this took it back."), todo=_("You can ask it yourself."))


def _check_stands(question: Interpellation) -> None:
    _check_asked(question)
    if question.hidden:
        raise NotNow(_("This question is hidden at the moment."), todo=_("Come back later."))


def _source(row: Joining) -> str:
    """How the ledger calls that somebody asks a question too: leaving undoes just that."""
    return f"joining/{row.pk}"


def _joined(question: Interpellation, by: Member, at: datetime) -> Joining | None:
    """Count one more, once; told to all when there are enough. The question's row is locked (or new)."""
    row, fresh = Joining.objects.get_or_create(interpellation=question, member=by, defaults={"at": at})
    if not fresh:
        return None
    question.joined += 1
    changed = ["joined"]
    if question.reached is None and question.joined >= question.threshold:
        days = configuration().cocreation.answer_within_days
        question.reached, question.due = at, at + timedelta(days=days)
        changed += ["reached", "due"]
    question.save(update_fields=changed)
    if "reached" in changed:
        event_tell("reached", by, at, question, also=[by], people=question.joined)
    return row


def _context(question: Interpellation) -> str:
    place = question.challenge or question.space
    return object_id(place)
