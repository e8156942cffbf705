"""The result of a count as lines for a terminal."""

from collections.abc import Iterator, Mapping

from estime.cocreation.tally.result import Fragility, Groups, Statement, Tally, Without

SHOWN = 20
"""So many options are listed; `--json` has all."""
WIDTH = 44


def told(result: Tally | Groups) -> Iterator[str]:
    """Line by line, what people want to know first."""
    if isinstance(result, Groups):
        yield from _groups(result)
        return
    yield from _winners(result)
    yield from _scores(result)
    if result.fragility is not None:
        yield ""
        yield from _fragility(result.fragility, result)


def _winners(result: Tally) -> Iterator[str]:
    if not result.voters:
        yield "Nobody voted: nobody wins."
    elif not result.winners:
        yield "Nobody wins: no option has a vote."
    elif result.method == "budget":
        spent, budget = result.detail["spent"], result.detail["budget"]
        yield f"Funded: {_list(result, result.winners)} ({spent:,.10g} of {budget:,.10g})."
    elif len(result.winners) > 1 and result.ties:
        yield f"A tie: {_list(result, result.winners)}."
    else:
        yield f"{'Winners' if len(result.winners) > 1 else 'Winner'}: {_list(result, result.winners)}."
    for tied in result.ties:
        if tied != result.winners:
            yield f"Equal where it mattered: {_list(result, tied)}."
    yield f"{result.voters:,} {'voter' if result.voters == 1 else 'voters'}."


def _scores(result: Tally) -> Iterator[str]:
    yield ""
    yield f"  {'':{WIDTH}}  {'score':>8}   {result.interval}"
    for option, score in list(result.scores.items())[:SHOWN]:
        bounds = "" if score.low is None or score.high is None else f"{score.low:.3f} to {score.high:.3f}"
        mark = "*" if option in result.winners else " "
        yield f"{mark} {_cut(_name(result.names, option)):{WIDTH}}  {score.score:8.3f}   {bounds}".rstrip()
    if len(result.scores) > SHOWN:
        yield f"  … and {len(result.scores) - SHOWN:,} more (--json lists all)"


def _fragility(found: Fragility, result: Tally) -> Iterator[str]:
    yield "How fragile this is:"
    new, alike = found.without_new_accounts, found.without_look_alikes
    yield f"- without accounts younger than {new.facts['days']:g} days: {_without(new, result)}"
    line = f"- without look-alike voters: {_without(alike, result)}"
    if alike.changes is not None:
        line += f" {alike.left_out:,} left out"
        if alike.facts.get("voters_by_chance") is not None:
            line += f" ({alike.facts['voters_by_chance']:.1f} by chance alone)"
        line += "."
    yield line
    one = found.any_single_voter
    answer = f"not computed. {one.why}"
    if one.changes is not None:
        answer = f"{'yes' if one.changes else 'no'}, {one.how}."
    yield f"- could any single voter have changed it: {answer}"
    drawn = found.bootstrap
    if not drawn.replicates:
        yield f"- drawn again: not computed. {drawn.why}"
        return
    share = f"{drawn.same:.1%}" if drawn.same is not None else "?"
    yield f"- drawn again {drawn.replicates:,} times from the same voters: the same result in {share}"
    for option, won in list(drawn.shares.items())[:5]:
        yield f"    {_cut(_name(result.names, option)):{WIDTH}}  {won:6.1%}"
    if sum(drawn.shares.values()) > 1.0005:
        several = result.method == "budget" or result.detail.get("seats", 1) > 1
        why = (
            "several win in each draw"
            if several
            else "options that are equal in a draw each count as winning it"
        )
        yield f"    These shares add up to more than 100%: {why}."


def _without(found: Without, result: Tally) -> str:
    if found.changes is None:
        return f"not computed. {found.why}"
    return f"{_list(result, found.winners or ()) or 'nobody'} instead." if found.changes else "the same."


def _groups(result: Groups) -> Iterator[str]:
    sizes: dict[int, int] = {}
    for group in result.groups.values():
        sizes[group] = sizes.get(group, 0) + 1
    if not result.stable:
        yield f"There are no stable opinion groups. {result.why}".rstrip()
    else:
        members = ", ".join(f"{size:,}" for _, size in sorted(sizes.items()))
        yield f"{len(sizes)} opinion groups, of {members} people."
    yield f"{result.participants:,} people, {len(result.statements):,} statements."
    for kind, title in (("unites", "What unites them:"), ("divides", "What divides them:")):
        found = [statement for statement in result.statements if statement.kind == kind]
        found.sort(key=lambda statement: -(_worth(statement, kind)))
        if found:
            yield ""
            yield title
        for statement in found[:5]:
            yield f"- {_cut(statement.text or statement.id, 100)}"


def _worth(statement: Statement, kind: str) -> float:
    return (statement.unites if kind == "unites" else statement.divides) or 0.0


def _list(result: Tally, options: tuple[str, ...]) -> str:
    return ", ".join(_cut(_name(result.names, option), 60) for option in options)


def _name(names: Mapping[str, str], option: str) -> str:
    return names.get(option) or option


def _cut(text: str, width: int = WIDTH) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= width else one_line[: width - 1] + "…"
