"""Words that say nothing of what a text is about, in French and English. Written by hand; accents
count where a word without them is a thing.

`FRENCH` and `ENGLISH` hold sentences together; `LIGHT` opens, thanks, asks, agrees and adds in both: it
stands in texts on anything.
"""

from typing import Final

FRENCH: Final = frozenset(
    "a à ai aie aient aies ait alors après apres as assez au aucun aucune aujourd auquel auraient aurais "
    "aurait aurez auriez aurons "
    "auront aussi autre autres aux auxquelles auxquels avaient avais avait avant avec avez aviez avions "
    "avoir avons ayant ayez "
    "beaucoup bien bientôt bon bonne bonnes bons c car ce ceci cela celle celles celui cent certain "
    "certaine certaines certains ces cet "
    "cette ceux cf chacun chacune chaque cher chez chose choses ci cinq combien comme comment contre côté "
    "cote crois d dans de dehors déjà deja "
    "delà depuis dernier dernière des dès dessous dessus deux devant devez devons devrait devrais "
    "devraient devez différents dire dis disait disent dit dite dites "
    "dix doit doivent dois donc donne donner dont du dû durant e effet eh elle elles en encore enfin "
    "ensuite entre envers environ es ès est et étaient "
    "étais était etait étant etc été ete êtes être etre eu eue eues eurent eus eut eux fais faisait "
    "faisons fait faite faites faire fallait falloir faudra faudrait faut fera "
    "ferait fois font fut furent g genre grâce gens grand grande grandes grands gros guère h ha hein "
    "hélas hier hors hum i ici il ils j jamais je jour "
    "jours jusqu jusque juste l la là laquelle le lequel les lesquelles lesquels leur leurs lors lorsqu "
    "lorsque lui m ma maintenant mais mal "
    "malgré me même meme mêmes mes met mettre mien mienne miens mieux mis mise moi moins mon n ne ni "
    "niveau non nos notre nôtre nous nouveau "
    "nouveaux nouvelle nouvelles nul o ô oh on ont ou où oui outre p par parce parfois parler parmi "
    "partout pas passé pendant pense penser "
    "personne peu peut peuvent peux plein plus plusieurs plutôt plutot point pour pourquoi pourra "
    "pourrait pourrais pourraient pouvais pouvait pouvez pouvoir pouvons "
    "premier première prend prendre près presque presqu pris puis puisqu puisque pu qu quand quant quatre "
    "que quel quelle quelles quelqu quelque quelques quels qui "
    "quoi r rien s sa sais sait sans sauf savez savoir se selon sera serai seraient serais serait seras "
    "serez seriez serons seront ses seul seule seulement "
    "seuls si sien sienne six soi soient sois soit sommes son sont sorte sous souvent soyez suis suit "
    "suivant sur surtout sûr t ta tandis tant te tel "
    "telle telles tellement tels temps tes toi ton tôt toujours tous tout toute toutes très tres trois "
    "trop trouve trouver tu u un une va vais vas vers veut veulent veux viens vient "
    "viennent voici voilà voila voir vois voit vont vos votre vôtre voulais voulait vouloir voulez voulu "
    "vous vrai vraiment vraie vu vue y "
    "chui jsuis jai cest pr ds tt ts bcp pk pkoi koi qd tjrs svt ms mm msg dsl qq qqn qqch ct jvais "
    "jpense jveux jamais ouais ouai nan bah ben euh hop hein lol mdr ptdr".split()
)

ENGLISH: Final = frozenset(
    "a about above across actually after again against ago ah ain all almost along already also although "
    "didn doesn don isn ll re ve "
    "always am among an and another any anybody anyone "
    "anything anyway are aren around as ask asked asking at away b back be became because become been "
    "before being below best better between beyond both but by "
    "c came can cannot cant come comes coming could couldn d day days did didn didnt different do does "
    "doesn doesnt doing don done dont down during e each either else "
    "end enough especially etc even ever every everybody everyone everything exactly ex f far feel few "
    "find first for found from full further g gave get gets "
    "getting give given gives go goes going gone gonna good got gotta great had hadn happen happens hard "
    "has hasn have haven having he hence her here hers herself hi him "
    "himself his how however http https i ie eg if ill im in indeed instead into is isn isnt it its "
    "itself ive j just k keep kind knew know known l last later "
    "least left less let lets like likely ll little long look looking looks lot lots m ma made make makes "
    "making many may maybe me mean means might mine more most mostly "
    "much must mustn my myself n near nearly need needed needs neither never new next no nobody none nor "
    "not nothing now o obviously of off often oh "
    "ok okay old on once one ones only or other others otherwise ought our ours ourselves out over own p "
    "part perhaps please point possible pretty "
    "probably put q quite r rather re real really right s said same saw say saying says second see seem "
    "seems seen self several shall she should shouldn show "
    "simply since so some somebody somehow someone something sometimes somewhere soon sort sorry start "
    "still stuff such sure t take taken tell than that thats "
    "the their theirs them themselves then there these they theyre thing things think this those though "
    "thought through thus time times to together too took toward "
    "towards tried tries try trying two three u under unless until up upon us use used uses using usually "
    "v very via w want wanted wants was wasn way ways we "
    "well went were weren what whatever when where whether which while who whole whom whose why will with "
    "within without won wont would wouldn wouldnt "
    "x y yeah year years yes yet you youre your yours yourself yourselves z bit ur gt lt amp pls plz omg "
    "lmao lol idk imo gonna wanna thing able work works working worked guess "
    "people man guy guys someone u r thru yep nope wow haha hahaha shes hes id ive theres wasnt youve "
    "weve cause".split()
)

LIGHT: Final = frozenset(
    # French
    "bonjour bonsoir salut coucou merci mercis remercie svp stp plaît plait cordialement bonne journée "
    "journee soirée soiree bravo félicitations avance "
    "aide aider besoin question questions réponse reponse répondre message post sujet idée idee idées "
    "idees svp désolé desole désolée ok possible impossible "
    "problème probleme problèmes problemes exemple façon facon manière maniere cas fin début debut an ans "
    "année annee années mois semaine heure heures minute minutes aimerais aimerait voudrais "
    "souhaite peut-être d'accord accord super vraiment simplement notamment ainsi quelqu'un lien ci-dessous "
    # English
    "hello hi hey dear thanks thank thx cheers regards welcome kind best help helpful question questions "
    "answer answers issue issues problem problems "
    "idea ideas thought thoughts example case cases post posts topic thread reply message hope wish "
    "wondering wonder suggestion suggest suggestions understand anyone "
    "advance appreciate appreciated similar correct correctly following follow below attached currently "
    "recently month months week weeks today tomorrow yesterday hour hours minutes "
    "nice cool awesome reason detail details general specific able unable won't isn't don't didn't "
    "doesn't can't i'm i've it's that's let's".split()
)

EVERYWHERE: Final = frozenset(
    "de des du la le les et un une au aux est que qui pour dans sur avec pas ce il je l d c j qu se ne "
    "elle nous vous ça "
    "the of and to in is for you that it with this are was be we they not have my your from".split()
)
"""What is nothing in either language, whichever a text was taken for."""

GREETING: Final = frozenset(
    "hi hello hey dear thanks thank cheers regards best cc "
    "bonjour bonsoir salut coucou merci cher chère cordialement amicalement".split()
)
"""A capital letter after one of these begins the name of a person, more often than not."""

SHARED: Final = frozenset(
    "a as au d de des do e en entre es et i is l la le les m me mi n ne ni no non o on or que se si sin "
    "son sous sus te tu u un una une us y el com".split()
)
"""Stop words that other languages have too: they do not tell in which one a text is."""

ELIDED: Final = frozenset("c d j l m n s t qu jusqu lorsqu puisqu quoiqu presqu quelqu aujourd".split())
"""What stands before an apostrophe in French, and is joined to the word behind it when a phrase is "
"written out."""
