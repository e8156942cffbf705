"""Protects that whatever members and the brand’s people do on pages can be done over REST.

Every business act (a function of `cocreation/actions` that other parts may call) is called by an operation that
writes, or stands below with the reason why not.
"""

import ast
import inspect
from pathlib import Path

from estime.cocreation import api
from estime.rest.endpoints import cocreation

FOLDER = Path(cocreation.__path__[0])
WRITES = {"post", "put", "delete", "patch"}
NOT_OVER_REST = {
    "challenge_bring": "POST /spaces/{slug}/imports, by way of channels: the acts of the source go along",
    "poll_open": "nobody does it: time, and the job of votes",
    "poll_close": "nobody does it: time, and the job of votes",
    "poll_count": "nobody does it: the job of votes, once it is closed",
    "poll_seal": "nobody does it: the job of votes, after the time for objections",
    "digests_due": "it asks whether the job of digests has to run",
    "poll_begin": "nobody does it: a vote whose time has come begins with the first who looks at it",
    "login_closed": "by people, when a login is shut out: what waits for that person is settled",
    "forget_accounts": "by the erasure of a person, which whoever runs the machine has carried out",
    "forget_login": "by the job of erasing, after POST /me/leave",
}
ONLY_READ = {
    "decision_wrong": "what a form lacks, before it is sent",
    "is_author": "says whether somebody wrote something",
    "picture_markdown": "how a text shows a picture",
    "options_coming": "how many options a vote will have",
    "poll_due": "whether the time of a vote has come",
    "place_of": "where a comment stands",
    "pledge_place": "where a promise stands",
}


def acts() -> set[str]:
    """What `estime.cocreation.api` gives away of `actions`: functions, not shapes."""
    return {
        name
        for name in api.__all__
        if inspect.isfunction(one := getattr(api, name))
        and one.__module__.startswith("estime.cocreation.actions.")
    }


def called(path: Path) -> set[str]:
    """Acts that the writing operations of a module call, themselves or through other functions and tables of it."""
    tree = ast.parse(path.read_text())
    defined: dict[str, ast.stmt] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            defined[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    defined[target.id] = node
    waiting = [name for name, node in defined.items() if isinstance(node, ast.FunctionDef) and writes(node)]
    seen, found = set(waiting), set()
    while waiting:
        for part in ast.walk(defined[waiting.pop()]):
            if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                found |= {part.attr} if part.value.id == "cocreation" else set()
            elif isinstance(part, ast.Name) and part.id in defined and part.id not in seen:
                seen.add(part.id)
                waiting.append(part.id)
    return found


def writes(node: ast.FunctionDef) -> bool:
    return any(
        isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr in WRITES
        for each in node.decorator_list
    )


def test_every_business_act_has_its_operation():
    over_rest = set().union(*(called(path) for path in sorted(FOLDER.glob("*.py"))))
    assert len(over_rest & acts()) > 60, "operations are found at all"
    assert acts() - over_rest - {*NOT_OVER_REST} - {*ONLY_READ} == set()
    assert ({*NOT_OVER_REST} | {*ONLY_READ}) - acts() == set(), "an act that is gone"
    assert {*NOT_OVER_REST} & over_rest == set(), "an act that has an operation now"
