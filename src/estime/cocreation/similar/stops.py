"""Words that hold a title together, and words of asking that say little about what is asked. Accents count.

Few, on purpose: a word that tells nothing is frequent, and weighs little for that alone. Words that are a thing in one
of the two languages are left out (`but`, `car`, `son`, `main`, `or`, `pain`, `fin`).
"""

STOPS = frozenset(
    # French
    "à a au aux avec ce ces cet cette ceci cela ça chez comme d dans de des dès donc du elle elles en entre est et eux "
    "il ils je j l la là le les leur leurs lui ma mais me mes moi mon même n ne ni nos notre nous nôtre on ont ou où "
    "par pas pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se ses si sont sous sur t ta te "
    "tes toi ton tu un une vos votre vous y être etre avoir soit afin lors très tres aussi "
    # English
    "an and are as at be been by can could did do does for from had has have he her here him his how i if in into is "
    "it its just me my no not of on or our so such than that the their them then there these they this those to too "
    "us was we were what when where which who whom why will with would you your yours "
    "dont cant isnt doesnt wont im ive id lets id".split()
)

LIGHT = frozenset(
    # French: asking, adding, wanting
    "ajout ajouter ajoutez ajoutons ajoute proposer proposez proposons propose proposition permettre permet permettez "
    "pouvoir peut pouvez pourrait pourriez pouvons voudrais voudrait veux veut souhaite souhaiterais aimerais aimerait "
    "faire fait faites faudrait faut avoir mettre mettez mise creer creez creation offrir offrez donner donnez rendre "
    "rendez prevoir prevoyez avez avons serait sera plus moins mieux tout tous toute toutes autre autres nouveau "
    "nouveaux nouvelle nouvelles idee idees besoin possibilite possible svp merci bien bon bonne ameliorer ameliorez "
    "amelioration vraiment pourquoi lancer lancez developper developpez integrer integrez "
    # English
    "add adding make making made let allow allowing allows enable want wants wish like need needs please should get "
    "give giving provide offer offering have more less better best new some any all other idea ideas suggestion "
    "possible possibility option improve improving improvement really create creating use using introduce launch "
    "ability able bring put".split()
)
