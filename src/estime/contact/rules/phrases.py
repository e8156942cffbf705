"""The phrases that the rules of `asks.py` know, in French and English. Each line is a regular expression, case ignored.

`~` stands for an apostrophe of either kind, `_` for a space or a hyphen.
"""

import re
from typing import Final

TAGS: Final = """
(?:is|are|was|were|do|does|did|has|have|had|ca|wo|would|could|should)n~?t (?:it|he|she|they|you|we|i|there|that)
(?:is|are|was|were|do|does|did|has|have|would|will|can) (?:it|he|she|they) not
huh
eh
innit
amirite
you know
get it
n~est_ce pas
hein
pas vrai
tu vois
vous voyez
pas toi
pas vous
"""
"""What turns a remark into a question for effect, at its end: "nice, isn't it?"."""

TAGS_AFTER_A_COMMA: Final = """
right
yeah
ok
okay
no
yes
see
agreed?
non
oui
si
d~accord
ça va
quoi
"""

FOR_EFFECT: Final = """
really
seriously
srsly
what
wtf
wow
wha+t
say what
you think
am i right
are you (?:serious|kidding|kidding me)
who (?:knew|knows|cares|would have thought)
how (?:cool|great|nice|awesome|cute|good|amazing|funny) (?:is|are|was) .{1,20}
what(?:~s| is) not to (?:like|love)
why not
so what
what else
what(?:~s| is) up
need i say more
guess what
can you believe (?:it|this|that).{0,20}
you know what
what could go wrong
who doesn~t.{0,60}
did you know(?: that)?(?: .{1,120})?
(?:le saviez|saviez)_vous(?: que .{1,120})?
how are you(?: (?:doing|all|today))*
how(?:~s| is) it going
what(?:~s| is) new
vraiment
s[ée]rieux
s[ée]rieusement
ah bon
ah oui
quoi
comment ça
pardon
hein
non
oui
qui sait
qui l~e[uû]t cru
pourquoi pas
et alors
et après
quoi d~autre
que dire(?: de plus)?
que demander de plus
quoi de (?:neuf|mieux|plus .{1,30})
[çc]a va
comment [çc]a va
comment allez_vous
comment vas_tu
c~est pas (?:beau|g[ée]nial)
elle est pas belle la vie
on n~est pas bien
n~est_ce pas
tu crois
vous croyez
"""
"""Whole sentences with a question mark that want no answer."""

BEFORE_IT: Final = """
oh
ah
wait
wow
lol
haha
so
et
mais
but
and
alors
euh
hum
hmm
well
"""
"""Words that may stand before a sentence for effect."""

OPENINGS: Final = r"""
how (?:do|can|could|should|would) (?:i|we|one)\b
(?:where|when|what time) (?:can|could|do|should|will) (?:i|we)\b(?! learn)
(?:when|where) (?:will|does|do) (?:you|the|this|it|they|your)\b(?!.*\b(?:learn|end)\b)
(?:is|are) there (?:a|an|any|some) (?:way|chance|plan|plans|date|news|eta|option|discount|update)\b
is it (?:possible|allowed|okay|ok) (?:to|for|that)\b
(?:can|could|would) (?:you|any\w+|some\w+) (?:please |kindly )?(?:tell|explain|confirm|clarify|advise)\b
(?:can|could|would) (?:you|any\w+|some\w+) (?:please |kindly )?(?:share|help|let me know|point|send|say)\b
(?:do|does) (?:you|anyone|anybody|someone) (?:know|ship|deliver|have any|sell|offer|plan)\b
(?:i|i~d|i would) (?:would )?like to (?:know|ask)\b
i (?:want|need) to know\b
any (?:news|update|eta|idea) (?:on|about|when|why|how|if|whether)\b
what (?:is|are) the (?:price|cost|opening hours|shipping|delivery|deadline|difference)\b
how (?:much|long|many) (?:is|are|does|do|will|would)\b
est_ce (?:que\b|qu~)
qu~est_ce (?:que\b|qu~|qui\b)
(?:quand|où|ou|comment|pourquoi|combien) est_ce (?:que\b|qu~)
(?:comment|où|quand) (?:puis_je|peut_on|faire pour|pouvons_nous|dois_je|fait_on pour)\b
(?:pourriez|pouvez|savez|avez|auriez|comptez|livrez|prévoyez)_vous\b
(?:pourrais|peux|sais|saurais)_tu\b
(?:puis_je|peut_on|pourrait_on|pourrais_je)\b
y a_t_il\b
y aura_t_il\b
(?:est|sera|serait)_(?:il|ce) possible (?:de|d~|que|qu~)
(?:quelqu~un|qqn) (?:sait|saurait|peut_il|pourrait)\b
(?:j~aimerais|je (?:voudrais|souhaiterais|souhaite)) savoir\b
combien (?:coûte|coute|de temps)\b
quel(?:le)?s? (?:est|sont) (?:le prix|les prix|le tarif|les tarifs|le délai|les délais|la date|les horaires)\b
(?:pourquoi|quand|où) (?:n~|ne |le |la |les |l~)?\S{1,20}_(?:vous|t_il|t_elle|t_on)\b
"""
"""How questions begin, so surely that they are questions without a mark too."""

OPENING_WORDS: Final = (
    "how do i", "how do w", "how can", "how could", "how should", "how would", "how do one", "how much",
    "how long", "how many", "where ", "when ", "what time", "is there", "are there", "is it ",
    "can you", "could you", "would you", " anyone", " anybody", " someone", " somebody", "do you ",
    "like to know", "like to ask", "want to know", "need to know", "any news", "any update", "any eta",
    "any idea", "what is the ", "what are the ", "est-ce", "est ce", "comment ", "où ", "quand ",
    "-vous", " vous", "-tu", " tu", "uis-je", "uis je", "ourrais-je", "ourrais je", "-on", " on ",
    "y a-t-il", "y a t-il", "y a t il", "y aura", "possible", "qqn", "elqu", "savoir", "combien ",
    "pourquoi ", "quel",
)  # fmt: skip
"""Every opening holds one of these (a test looks), so that most texts need no closer look."""

GREETINGS: Final = """
hi
hello
hey
dear
bonjour
bonsoir
salut
coucou
merci
thanks
thank you
please
svp
s~il (?:vous|te) pla[iî]t
all
everyone
team
tous
toutes
toute l~équipe
à tous
à toutes
l~équipe
and
so
but
also
ok
okay
now
then
et
mais
donc
alors
sinon
du coup
aussi
questions?
sorry
excuse me
pardon
désolée?
madame
monsieur
"""
"""What may stand before a question begins."""

CALLS: Final = """
hi
hello
hey
dear
bonjour
bonsoir
salut
coucou
and
et
cc
"""
"""What may stand around the names that a text begins with."""

WHOEVER: Final = r"""
\bany(?:one|body)\b(?! (?:from|at|of) )
\bsome(?:one|body)\b(?! (?:from|at|of) )
\bwho else\b
\bquelqu~un\b(?! (?:de l~équipe|chez|du service|de chez) )
\bqqn\b
\bl?~?(?:une?|certaine?s?) d~entre vous\b
"""
"""Whom a question asks that asks whoever may know."""


def any_of(phrases: str) -> str:
    """One regular expression for all lines of a list."""
    lines = [line.replace("~", "['’]").replace("_", "[- ]") for line in phrases.strip().splitlines()]
    return f"(?:{'|'.join(lines)})"


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern that takes no notice of case."""
    return re.compile(pattern, re.IGNORECASE)
