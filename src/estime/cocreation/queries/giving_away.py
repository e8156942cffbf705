"""What is needed to give a challenge away as open data: who is in it, and whose words may go with it."""

from django.db.models import Q

from estime.cocreation.models import (
    Acceptance,
    Author,
    Challenge,
    Comment,
    Contribution,
    Decision,
    Edit,
    Interpellation,
    Member,
    Merge,
    Option,
    Outcome,
    Pledge,
    Support,
    Version,
    Voter,
)


def people_involved(challenge: Challenge) -> list[Member]:
    """Everybody who did something in a challenge, for it or for the brand, by number. Their names may stand in it."""
    below = Q(contribution__challenge=challenge)
    told: list[set[int | None]] = [
        set(Author.objects.filter(below).values_list("member_id", flat=True)),
        set(Version.objects.filter(below).values_list("by_id", flat=True)),
        set(Version.objects.filter(below).values_list("contributor_id", flat=True)),
        set(Support.objects.filter(below).values_list("member_id", flat=True)),
        set(Comment.objects.filter(below | Q(challenge=challenge)).values_list("by_id", flat=True)),
        set(
            Edit.objects.filter(comment__contribution__challenge=challenge).values_list(
                "settled_by_id", flat=True
            )
        ),
        set(Voter.objects.filter(poll__challenge=challenge).values_list("member_id", flat=True)),
        set(Option.objects.filter(poll__challenge=challenge).values_list("by_id", flat=True)),
        set(Decision.objects.filter(below).values_list("by_id", flat=True)),
        set(Pledge.objects.filter(below | Q(challenge=challenge)).values_list("by_id", flat=True)),
        set(Outcome.objects.filter(challenge=challenge).values_list("by_id", flat=True)),
        set(Merge.objects.filter(head__challenge=challenge).values_list("by_id", flat=True)),
        set(Interpellation.objects.filter(challenge=challenge).values_list("author_id", flat=True)),
        {challenge.owner_id},
    ]
    numbers = sorted({number for part in told for number in part if number is not None})
    found: list[Member] = []
    for start in range(0, len(numbers), 500):
        part = Member.objects.select_related("user").filter(pk__in=numbers[start : start + 500])
        found += part.order_by("pk")
    return found


def words_agreed(challenge: Challenge) -> frozenset[int]:
    """Members who agreed to a deal of this challenge: under its licence their words may be given away."""
    return frozenset(Acceptance.objects.filter(deal__challenge=challenge).values_list("member_id", flat=True))


def contributions_given(challenge: Challenge) -> list[Contribution]:
    """Everything that was given, whatever became of it, the oldest first."""
    return list(Contribution.objects.filter(challenge=challenge).order_by("pk"))
