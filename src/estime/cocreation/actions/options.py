"""What is up for a vote: chosen before it begins; in votes between two and on statements, members may add some."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from estime.cocreation.actions.held import Held, check_open
from estime.cocreation.actions.polls import poll_held
from estime.cocreation.acts import act_write, object_id
from estime.cocreation.amounts import MOST as MOST_MONEY
from estime.cocreation.amounts import amount_read
from estime.cocreation.checks import check_words
from estime.cocreation.eligibility import check_eligible
from estime.cocreation.errors import NotAllowed, NotFound, NotNow, PollInvalid, RulesLocked, SlowDown
from estime.cocreation.leading import check_leads, leads
from estime.cocreation.limits import check_limits
from estime.cocreation.models import Contribution, Member, Option, Poll
from estime.cocreation.news import event_tell
from estime.cocreation.parameters import GAINING, rules_read
from estime.cocreation.similar.words import fold
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
    """Add an option before the vote begins. The same contribution twice is one option, and so are the same words.

    Raises `NotAllowed`, `RulesLocked` once it runs, `PollInvalid` (a budget's option without its cost; words that
    another option has but for capitals, accents and spaces, or with another cost; a vote over all that stands).
    """
    with transaction.atomic():
        held = _prepared(by, poll)
        if contribution is not None and contribution.challenge_id != held.challenge_id:
            raise NotFound(_("This belongs to another challenge."), todo=_("Choose one of this challenge."))
        _check_chosen(held)
        known = _known(held, contribution, _words(held, title), _cost(held, cost))
        return known or _add(held, title, when or clock.now(), cost=cost, contribution=contribution)


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
        _check_chosen(held)
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
        same = _same(held, words)
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


def _check_chosen(poll: Poll) -> None:
    """Raises `PollInvalid` in a vote whose options nobody chooses."""
    if rules_read(poll).options == "all":
        raise PollInvalid(
            _("Everything that stands in the challenge when the vote begins is up for it, and nothing else."),
            todo=_("Change that rule first if you want to choose what is up for the vote."),
            field="options",
        )


def _known(poll: Poll, contribution: Contribution | None, words: str, cost: Decimal | None) -> Option | None:
    """The option that this is already: sent twice it is one. Two contributions may have one title, words may not."""
    if contribution is not None:
        there = Option.objects.filter(poll=poll, contribution=contribution).first()
        if there is not None:
            return there
    same = _same(poll, words)
    if same is None or (contribution is not None and same.contribution_id is not None):
        return None
    if contribution is None and (same.title, same.cost) == (words, cost):
        return same
    raise PollInvalid(
        _("“%(title)s” is up for this vote already.") % {"title": same.title},
        todo=_("Take it away first to write it otherwise, or give this one a title of its own."),
        field="title",
    )


def _same(poll: Poll, words: str) -> Option | None:
    folded = title_folded(words)
    rows = Option.objects.filter(poll=poll).order_by("number")
    return next((option for option in rows if title_folded(option.title) == folded), None)


def title_folded(title: str) -> str:
    """What two titles have in common that differ in capitals, accents and spaces only."""
    return " ".join(fold(title).split())


def _add(
    poll: Poll, title: str, at: datetime, *, cost: Decimal | str | None = None,
    contribution: Contribution | None = None, by: Member | None = None,
) -> Option:  # fmt: skip
    last = Option.objects.filter(poll=poll).aggregate(last=Max("number"))["last"] or 0
    if last >= MOST:
        raise PollInvalid(
            _("A vote has at most %(most)s options.") % {"most": MOST},
            todo=_("Bring some together."),
            field="options",
        )
    words = _words(poll, title)
    own = hashlib.sha256(title_folded(words).encode()).hexdigest() if contribution is None else ""
    try:
        with transaction.atomic():
            return Option.objects.create(
                poll=poll, number=last + 1, title=words, own=own, contribution=contribution,
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
    told = cost if isinstance(cost, Decimal) else amount_read(cost or "")
    if told is None or not 0 < told < MOST_MONEY:
        raise PollInvalid(
            _("What does it cost? Every option of a budget needs its cost, more than nothing."),
            todo=_("Write a number such as 1500 or 1500.50."),
            field="cost",
        )
    return told.quantize(Decimal("0.01"))
