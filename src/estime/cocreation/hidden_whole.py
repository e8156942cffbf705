"""A hidden challenge takes what was given to it out of sight, and gives it back as it was.

1. What members gave to it is hidden with it, and has no hiding of its own: the reason is the challenge's. Its authors
   still read it on its page.
2. What was hidden by itself stays so when the challenge is shown again; shown again by itself, it stays out of sight as
   long as its challenge does.
3. `contributions_count` counts what is shown, whatever was taken back meanwhile.
"""

from typing import Final

from estime.cocreation.models import Author, Challenge, Contribution, Hiding, Member, Version
from estime.cocreation.similar.index import Title, title_remove, titles_put_many
from estime.cocreation.standing import not_found

_OWN: Final = Hiding.objects.filter(lifted=None, contribution__isnull=False).values("contribution")


def challenge_and_given_held(number: int) -> Challenge:
    """A challenge, its row and those of all that was given to it held: contributions first, as a publication does."""
    given = Contribution.objects.filter(challenge=number).order_by("pk")
    list(given.select_for_update(no_key=True).values_list("pk", flat=True))
    held = Challenge.objects.select_for_update(no_key=True).select_related("space").filter(pk=number)
    found = held.first()
    if found is None:
        raise not_found()
    return found


def given_hide(challenge: Challenge) -> list[Contribution]:
    """Hide what was given to a challenge whose row is held; returns what was shown until then."""
    shown = list(Contribution.objects.filter(challenge=challenge, hidden=False).order_by("pk"))
    Contribution.objects.filter(pk__in=[one.pk for one in shown]).update(hidden=True)
    for one in shown:
        title_remove(one.pk)
    _count(challenge)
    return shown


def given_show(challenge: Challenge) -> list[Contribution]:
    """Show again what was given to it, but for what is hidden by itself; returns what is shown from now on."""
    rows = Contribution.objects.filter(challenge=challenge, hidden=True).exclude(pk__in=_OWN)
    shown = list(rows.order_by("pk"))
    Contribution.objects.filter(pk__in=[one.pk for one in shown]).update(hidden=False)
    titles_put_many(
        Title(one.pk, one.space_id, one.title, one.challenge_id, one.body)
        for one in shown
        if one.withdrawn is None and not one.erased
    )
    _count(challenge)
    return shown


def _count(challenge: Challenge) -> None:
    shown = Contribution.objects.filter(challenge=challenge, hidden=False, withdrawn=None).count()
    Challenge.objects.filter(pk=challenge.pk).update(contributions_count=shown)


def with_pictures(given: list[Contribution]) -> list[Contribution]:
    """Those that show a picture in any of their versions: one query."""
    shows = Version.objects.filter(contribution__in=[one.pk for one in given], body__icontains="picture:")
    numbers = set(shows.values_list("contribution_id", flat=True))
    return [one for one in given if one.pk in numbers or "picture:" in one.body.lower()]


def givers(given: list[Contribution]) -> list[Member]:
    """Whose it is: they are told that it went out of sight, or came back."""
    numbers = [one.pk for one in given]
    wrote = Author.objects.filter(contribution__in=numbers, accepted__isnull=False, left=None)
    return list(Member.objects.filter(pk__in=wrote.values("member"), user__isnull=False).order_by("pk"))


def hidden_with(contribution: Contribution) -> Hiding | None:
    """The hiding of the challenge that a contribution is hidden with; None where its challenge is shown."""
    if contribution.challenge_id is None:
        return None
    return Hiding.objects.filter(challenge=contribution.challenge_id, lifted=None).first()


def stays_hidden(contribution: Contribution) -> bool:
    """Whether it stays out of sight though it is not hidden by itself any more. To be called with its row held."""
    return hidden_with(contribution) is not None
