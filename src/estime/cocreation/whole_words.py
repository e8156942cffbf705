"""The words of what is brought together: as they stand when it is agreed, and as they are when it is taken back.

Taken back, the head's words are those that it would have, had it never been brought together: its versions are gone
through again from before that on, without those that this merge, and others that were undone since, brought. Where
nobody else wrote, these are its former words, letter by letter. Where a change meets words that go, somebody decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from estime.cocreation.models import Contribution, Merge, Version
from estime.cocreation.texts.joining import Side, words_joined
from estime.cocreation.texts.merging import Agreed, Conflict, Merged
from estime.cocreation.texts.settling import three_way_settled as three_way
from estime.cocreation.together import IN_FORCE


class Words(NamedTuple):
    """A title and a text, as far as they go together."""

    title: Merged
    body: Merged

    @property
    def conflicts(self) -> int:
        return len(self.title.conflicts) + len(self.body.conflicts)


def _plain(title: str, body: str) -> Words:
    return Words(*(Merged((Agreed(text),) if text else ()) for text in (title, body)))


def words_suggested(
    sides: Sequence[Contribution], authors: Mapping[int, Sequence[str]], wholes: Iterable[int] = ()
) -> str:
    """Every side's words, to begin from. `wholes`: those that others went into already; they name their writers."""
    known = {*wholes}
    return words_joined(
        [
            Side(one.title, one.body, None if one.pk in known else tuple(authors.get(one.pk, ())))
            for one in sides
        ]
    )


def words_agreed(merge: Merge, held: Mapping[int, Contribution]) -> Words:
    """The words of a proposal, with what was written on any side since they were made."""
    bases = {merge.head_id: merge.base}
    bases |= dict(merge.parts.order_by("contribution_id").values_list("contribution_id", "base"))
    head = held[merge.head_id]
    title, body = Merged((Agreed(merge.title),)), Merged((Agreed(merge.body),))
    for pk, base in bases.items():
        one = held[pk]
        if one.version == base or body.conflicts:
            continue
        was = Version.objects.get(contribution=one, number=base)
        body = three_way(was.body, body.text, one.body)
        if pk == head.pk:
            title = three_way(was.title, merge.title, one.title)
    return Words(title, body)


def words_without(merge: Merge, head: Contribution) -> Words:
    """What the head's words are once a merge is undone."""
    if head.erased or merge.before is None:
        return _plain(head.title, head.body)
    known = {each.pk: each for each in Merge.objects.filter(head=head)}
    gone = {pk for pk, each in known.items() if each.state not in IN_FORCE} | {merge.pk}
    versions = list(Version.objects.filter(contribution=head).order_by("number"))
    start = _start(merge, versions, known)
    first = {version.merge_id: version.number for version in reversed(versions) if version.merge_id}
    words = _plain(versions[start - 1].title, versions[start - 1].body)
    for before, version in zip(versions[start - 1 :], versions[start:], strict=False):
        if version.merge_id in gone and not _by_hand(version, known[version.merge_id], first):
            continue
        if "" in (before.title, version.title) or words.title.text == "":
            return _asked(versions[start - 1], head)  # words that were erased cannot be gone through again
        words = Words(
            three_way(before.title, words.title.text, version.title),
            three_way(before.body, words.body.text, version.body),
        )
        if words.conflicts:
            return _asked(versions[start - 1], head)
    return words if words.title.text else _asked(versions[start - 1], head)


def _by_hand(version: Version, merge: Merge, first: Mapping[int, int]) -> bool:
    """Whether somebody wrote this version when a merge was undone: these words are theirs, and stay."""
    return merge.by_hand and version.number != first[merge.pk]


def _start(merge: Merge, versions: Sequence[Version], known: Mapping[int, Merge]) -> int:
    """The version to go through from: before this merge, and before any that was undone only after it came."""
    spans: dict[int, list[int]] = {}
    for version in versions:
        if version.merge_id in known:
            spans.setdefault(version.merge_id or 0, []).append(version.number)
    start = merge.before or 1
    for numbers in sorted(spans.values(), reverse=True):
        if numbers[0] <= start < numbers[-1]:
            start = numbers[0] - 1
    return start


def _asked(before: Version, head: Contribution) -> Words:
    """Both wordings, for somebody to choose from: as they stand, and as they stood before."""

    def told(now: str, then: str) -> Merged:
        return Merged((Agreed(now),)) if now == then or not then else Merged((Conflict("", now, then),))

    title, body = told(head.title, before.title), told(head.body, before.body)
    if not title.conflicts and not body.conflicts:
        body = Merged((Conflict("", head.body, before.body),))
    return Words(title, body)
