"""Whether a reason is one: what the form asks about before it is sent. Nothing is refused.

LEGO Ideas answers every rejection with the same thanks; its users call the process “a crapshoot”. A real reason says
what of *this* idea decided.
"""

import re
import unicodedata
from typing import Final

SHORTEST: Final = 40
"""Characters that a reason has at least; chosen by hand, and only asked about."""
FEWEST: Final = 6
_THANKS: Final = (
    r"merci( beaucoup| infiniment| encore)?|thank(s| you)( so much| very much| again)?|many thanks"
    r"|nous (vous )?(remercions|avons bien pris (note|en compte))|we (really )?(appreciate|value|thank)"
)
_GIFTS: Final = "idee|contribution|proposition|suggestion|idea|input|feedback"
_PRAISE: Final = (
    rf"(votre|ta|cette|your|this|the) (belle |great |super |nice |interesting )?({_GIFTS})"
    r"|excellent|super|great|bravo|well done"
)
_LETTER: Final = (
    r"bonjour|hello|cordialement|bien a vous|best regards|kind regards|sincerely|dear (member|all)"
    r"|cher(e|s|es)? (membre|membres|tous)|(a|avec) (bientot|nos salutations)|bonne continuation|good luck"
    r"|(pour|for) (votre|ta|your) (participation|interet|confiance|interest)"
    r"|n[’']?hesitez pas|do ?n[’']?t hesitate|feel free"
)
_FORMULAS: Final = re.compile(rf"\b({_THANKS}|{_PRAISE}|{_LETTER})\b")
_SMALL: Final = frozenset(
    "de du des da la le les l un une et a au aux pour en ce cette votre vos ta ton nous vous tu je on".split()
    + "the of for and to your you we our us it is this that so very much all be in on with".split()
)


_NOTHING: Final = frozenset(
    "rien|aucun|aucune|neant|personne|non|rien du tout|pas grand chose|sans objet|ras|n/a|na|nil|no|none|nobody"
    "|nothing|nothing at all|not much".split("|")
)


def lives_on_doubts(lives_on: str) -> list[str]:
    """Whether what lives on is nothing at all: `nothing`. Asked about once, never refused.

    >>> lives_on_doubts("Rien.")
    ['nothing']
    >>> lives_on_doubts("The click.")
    []
    """
    plain = unicodedata.normalize("NFKD", lives_on.casefold()).encode("ascii", "ignore").decode()
    return ["nothing"] if " ".join(re.findall(r"[a-z0-9/]+", plain)) in _NOTHING else []


def reason_doubts(reason: str) -> list[str]:
    """What may be missing of a reason: `thanks` (only a formula of thanks), `short`. Empty where it reads like one.

    >>> reason_doubts("Merci beaucoup pour votre belle idée, à bientôt !")
    ['thanks']
    >>> reason_doubts("Too dear.")
    ['short']
    >>> reason_doubts("One supplier makes a zip of this length, and stops in March; two others do not hold.")
    []
    """
    plain = unicodedata.normalize("NFKD", reason.casefold()).encode("ascii", "ignore").decode()
    left = [word for word in re.findall(r"[a-z0-9]+", _FORMULAS.sub(" ", plain)) if word not in _SMALL]
    if _FORMULAS.search(plain) and len(left) < FEWEST:
        return ["thanks"]
    if len(reason.strip()) < SHORTEST or len(plain.split()) < FEWEST:
        return ["short"]
    return []
