"""What was read in texts goes into the lake beside the acts, as the table `readings`: numbers, no text.

One commit with its own cursor (`listening.readings_mark`): a process killed between this and the acts' commit leaves a
state from which the next refresh goes on. When all texts were read anew, the table is written anew.
"""

from estime.kernel.lake import Lake
from estime.listening import api as listening

READINGS = "readings"
STATS = ["seq", "day"]
MANY_FILES = 40


def hear(lake: Lake) -> int:
    """Bring the lake's readings up to date; returns their mark. Held by the caller's lease, so nobody is erased."""
    listening.forget_erased()
    mark, before = listening.readings_mark(), lake.cursor(READINGS)
    if mark == 0 or mark == before:
        return mark
    whole = listening.whole_since(before, mark)
    with listening.readings_since(before, mark) as rows:
        if whole:
            lake.overwrite(READINGS, rows, mark, stats=STATS)
        else:
            lake.append(READINGS, rows, mark, stats=STATS)
    many = len(lake.files(READINGS)) > MANY_FILES
    if many:
        lake.compact(READINGS)
    if whole or many:
        lake.vacuum(READINGS)
    return mark
