"""Which parts of a whole may be shown beside it, so that nobody learns by subtraction what was left out. No Django."""

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

Group = TypeVar("Group", bound=Hashable)


def groups_shown(
    sizes: Mapping[Group, int], smallest: int, among: Collection[Group] | None = None
) -> set[Group]:
    """Which groups may be told beside the sum of all groups.

    A group is told when it has at least `smallest` people, and when all that are not told have, together, either nobody
    or at least as many. Where they have fewer, the smallest of those told is left out too, until that holds.

    Parameters
    ----------
    sizes : groups that do not overlap, with how many people each has (0 and more).
    smallest : the fewest people that anything is told of.
    among : only these may be told; all where it is None.

    Returns
    -------
    The groups that may be told; none where all together have fewer than `smallest`. Of two as small, the one whose name
    comes first is left out.

    Examples
    --------
    >>> sorted(groups_shown({"a": 40, "b": 12, "c": 3}, 10))
    ['a']
    >>> sorted(groups_shown({"a": 40, "b": 12, "c": 11}, 10))
    ['a', 'b', 'c']
    """
    told = {name for name, size in sizes.items() if size >= smallest and (among is None or name in among)}
    hidden = sum(size for name, size in sizes.items() if name not in told)
    for name in sorted(told, key=lambda one: (sizes[one], str(one))):
        if hidden == 0 or hidden >= smallest:
            break
        told.discard(name)
        hidden += sizes[name]
    return told if hidden == 0 or hidden >= smallest else set()


def parts_shown(whole: int, sizes: Mapping[int, int], smallest: int) -> set[int]:
    """Which parts may be told beside a whole of so many people, of whom some may be in none of these parts.

    >>> sorted(parts_shown(60, {1: 30, 2: 15}, 20))
    [1]
    >>> sorted(parts_shown(45, {1: 30, 2: 15}, 20))
    []
    """
    if whole < smallest:
        return set()
    everybody = {**{str(name): size for name, size in sizes.items()}, "": whole - sum(sizes.values())}
    shown = groups_shown(everybody, smallest, {str(name) for name in sizes})
    return {name for name in sizes if str(name) in shown}


def overlapping_shown(
    sizes: Mapping[int, int], smallest: int, among: Collection[int] | None = None
) -> set[int]:
    """Which groups of texts may be told beside all of them, where one person may have written in several.

    Their people cannot be added up, so what is left out hides nobody only if one group of it has `smallest` people by
    itself: else the smallest of those told is left out too. Parameters as for `groups_shown`.

    >>> sorted(overlapping_shown({1: 30, 2: 15, 3: 6, 4: 6}, 10))
    [1]
    >>> sorted(overlapping_shown({1: 30, 2: 15, 3: 0}, 10))
    [1, 2]
    """
    told = {name for name, size in sizes.items() if size >= smallest and (among is None or name in among)}
    hidden = max((size for name, size in sizes.items() if name not in told), default=0)
    if told and 0 < hidden < smallest:
        told.discard(min(told, key=lambda one: (sizes[one], one)))
    return told
