"""What is up for a vote: chosen before it begins; in votes between two and on statements, members may add some."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from estime.cocreation.actions.ballots import Held, check_open
from estime.cocreation.actions.polls import poll_held
from estime.cocreation.acts import act_write, object_id
from estime.cocreation.checks import check_words
from estime.cocreation.eligibility import check_eligible
from estime.cocreation.errors import NotAllowed, NotFound, NotNow, PollInvalid, RulesLocked, SlowDown
from estime.cocreation.leading import check_leads, leads
from estime.cocreation.limits import check_limits
from estime.cocreation.models import Contribution, Member, Option, Poll
from estime.cocreation.news import event_tell
from estime.cocreation.parameters import GAINING, rules_read
from estime.cocreation.vocabulary import HIDING_REASONS
from estime.kernel import clock

LONGEST: Final = 200
LONGEST_STATEMENT: Final = 280
MOST: Final = 500
"""Options of one vote: more than anybody can look through, and what counting them takes stays small."""
OF_ONE_MEMBER: Final = 10
"""Options that one member may add to one vote."""


def option_add(
    by: Member, poll: Poll, title: str, *, cost: Decimal | str | None = None,
    contribution: Contribution | None = None, when: datetime | None = None,
) -> Option:  # fmt: skip
    """Add an option before the vote begins. The same contribution twice is one option.

    Raises `NotAllowed`, `RulesLocked` once it runs, `PollInvalid` (a budget's option without its cost).
    """
    with transaction.atomic():
        held = _prepared(by, poll)
        if contribution is not None and contribution.challenge_id != held.challenge_id:
            raise NotFound(_("This belongs to another challenge."), todo=_("Choose one of this challenge."))
        return _add(held, title, when or clock.now(), cost=cost, contribution=contribution)


def option_remove(by: Member, option: Option) -> None:
    """Take an option away before the vote begins. Raises `RulesLocked` once it runs."""
    with transaction.atomic():
        held = _prepared(by, option.poll)
        Option.objects.filter(pk=option.pk, poll=held).delete()


def options_from_contributions(
    by: Member, poll: Poll, chosen: Iterable[Contribution] | None = None, *, when: datetime | None = None
) -> list[Option]:
    """Put contributions up for the vote: those chosen, else all that stand. Those brought together are one."""
    with transaction.atomic():
        held = _prepared(by, poll)
        return options_fill(held, when or clock.now(), chosen)


def options_fill(poll: Poll, at: datetime, chosen: Iterable[Contribution] | None = None) -> list[Option]:
    """The same without asking who: for the vote whose rule is that everything that stands is an option."""
    standing = Contribution.objects.filter(
        challenge=poll.challenge_id, together=None, hidden=False, withdrawn=None
    ).order_by("pk")
    if chosen is not None:
        standing = standing.filter(pk__in=[each.together_id or each.pk for each in chosen])
    known = set(Option.objects.filter(poll=poll).values_list("contribution_id", flat=True))
    return [_add(poll, each.title, at, contribution=each) for each in standing if each.pk not in known]


def option_propose(by: Member, poll: Poll, title: str, *, when: datetime | None = None) -> Option:
    """A member adds an option to a vote that runs, where its rules say so. One that is there already is given back.

    Raises `VoteNotOpen`, `VoteOver`, `NotEligible`, `NotAllowed`, `SlowDown` (ten of one member are enough).
    """
    at = when or clock.now()
    with transaction.atomic():
        check_limits(by, "proposals", at)
        held = poll_held(poll)
        check_open(Held(held, held.challenge.cancelled is not None, held.challenge.hidden), at)
        check_eligible(held, by)
        if held.method not in GAINING or not rules_read(held).propose:
            raise NotAllowed(
                _("In this vote the options are those that are there."), todo=_("Choose among them.")
            )
        words = _words(held, title)
        same = Option.objects.filter(poll=held, title__iexact=words).first()
        if same is not None:
            return same
        if Option.objects.filter(poll=held, by=by).count() >= OF_ONE_MEMBER:
            raise SlowDown(
                _("You have added as many as one person can: %(most)s.") % {"most": OF_ONE_MEMBER},
                todo=_("Give your view on those of others."),
                seconds=0,
            )
        option = _add(held, words, at, by=by)
        act_write(
            by, "Create", f"option/{option.pk}", at, source_id=f"option/{option.pk}", object_type="Note",
            in_reply_to=object_id(held), context=object_id(held.challenge), content=words,
        )  # fmt: skip
    return option


def option_hide(by: Member, option: Option, reason: str, *, when: datetime | None = None) -> Option:
    """Ask about an option no more, for a reason that is shown; the answers to it stay. Twice is harmless.

    Raises `NotAllowed` (neither a moderator nor who leads the challenge), `PollInvalid` (no such reason), `NotNow`
    (a vote in which everything is on one ballot: who has voted could not vote again).
    """
    at = when or clock.now()
    with transaction.atomic():
        held = poll_held(option.poll)
        if not (by.may("moderation.act") or leads(by, held.challenge)):
            raise NotAllowed(
                _("Your role does not include this."), todo=_("Report it: a moderator will look.")
            )
        if reason not in HIDING_REASONS:
            raise PollInvalid(
                _("There is no such reason."), todo=_("Choose one of the list."), field="reason"
            )
        if held.method not in GAINING:
            raise NotNow(
                _("What is up for this vote does not change once it runs."),
                todo=_("Take it away before the vote begins, or hide the contribution."),
            )
        if Option.objects.filter(pk=option.pk, hidden=False).update(hidden=True):
            act_write(
                by, "Remove", f"option/{option.pk}", at, object_type="Note", context=object_id(held.challenge)
            )
            event_tell(
                "option_hidden", by, at, held.challenge,
                also=[option.by] if option.by else [], poll=held.pk, option=option.number, reason=reason,
            )  # fmt: skip
        option.hidden = True
    return option


def _prepared(by: Member, poll: Poll) -> Poll:
    held = poll_held(poll)
    check_leads(by, held.challenge)
    if held.opened is not None:
        raise RulesLocked(
            _("This vote has begun: what is up for it does not change any more."),
            todo=_("Ideas that are brought together meanwhile stay two options; the result tells both."),
        )
    return held


def _add(
    poll: Poll, title: str, at: datetime, *, cost: Decimal | str | None = None,
    contribution: Contribution | None = None, by: Member | None = None,
) -> Option:  # fmt: skip
    if contribution is not None:
        there = Option.objects.filter(poll=poll, contribution=contribution).first()
        if there is not None:
            return there
    last = Option.objects.filter(poll=poll).aggregate(last=Max("number"))["last"] or 0
    if last >= MOST:
        raise PollInvalid(
            _("A vote has at most %(most)s options.") % {"most": MOST},
            todo=_("Bring some together."),
            field="options",
        )
    try:
        with transaction.atomic():
            return Option.objects.create(
                poll=poll, number=last + 1, title=_words(poll, title), contribution=contribution,
                cost=_cost(poll, cost), by=by, at=at,
            )  # fmt: skip
    except IntegrityError as error:  # the poll's row is held: only a trigger can refuse
        raise RulesLocked(
            _("This vote has begun: what is up for it does not change any more."), todo=_("Look at its page.")
        ) from error


def _words(poll: Poll, title: str) -> str:
    return check_words(title, "title", LONGEST_STATEMENT if poll.method == "groups" else LONGEST)


def _cost(poll: Poll, cost: Decimal | str | None) -> Decimal | None:
    if poll.method != "budget":
        return None
    try:
        told = Decimal(str(cost)).quantize(Decimal("0.01"))
        if not 0 < told < Decimal(10) ** 12:
            raise InvalidOperation
    except InvalidOperation as error:
        raise PollInvalid(
            _("What does it cost? Every option of a budget needs its cost, more than nothing."),
            todo=_("Write a number such as 1500 or 1500.50."),
            field="cost",
        ) from error
    return told
