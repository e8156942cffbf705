"""A target that is called otherwise from now on: saved searches that ask for it go on asking for it."""

from django.db import transaction

from estime.listening.affect_names import TARGET_NAMES
from estime.listening.search_models import SavedSearch
from estime.listening.targets.listed import target_key


@transaction.atomic
def searches_follow_target(before: tuple[str, str], after: tuple[str, str]) -> int:
    """Let saved searches that ask for one target (its kind and name) ask for it by another; returns how many did.

    What they told stands, and up to where: it is the same thing that they look for.
    """
    was, now = (_asked(*told) for told in (before, after))
    if was == now:
        return 0
    found = list(SavedSearch.objects.select_for_update().filter(asked__target=was))
    for search in found:
        search.asked["target"] = now
    SavedSearch.objects.bulk_update(found, ["asked"])
    return len(found)


def _asked(kind: str, name: str) -> str:
    if kind not in TARGET_NAMES:
        raise ValueError(f"{kind} is no kind of target")
    return f"{kind}-{target_key(name)}"
