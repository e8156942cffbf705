"""What the words around a feeling say of whom it is about, in French and English. Written by hand, folded.

Each is one word or an expression; where something longer fits, it is taken.
"""

from typing import Final


def _set(*lines: str) -> frozenset[str]:
    return frozenset(word.strip() for line in lines for word in line.split(","))


# Where a clause begins. After those of `CONTRASTS` something else is said: what stood before does not reach beyond.
JOINS: Final = _set(
    "and,et,because,parce,car,while,when,as,since,puisque,donc,so,which,than",
    "although,though,despite,unlike,bien que,quoique,malgre,contrairement,pendant que,tandis que",
)
CONTRASTS: Final = _set(
    "but,yet,however,whereas,except,instead,on the other hand",
    "mais,pourtant,cependant,toutefois,neanmoins,alors que,en revanche,par contre,sauf",
)
# A clause that begins so (or near it) goes on about what was named last.
PRONOUNS: Final = _set("it,they,them,he,she,ils,il,elle,elles,ca,cela,c")
# Words to somebody: whoever is answered, or the brand where it is at home.
SECOND: Final = _set(
    "you,your,yours,u,ur,yourself,youre,ya", "tu,te,t,toi,ton,ta,tes,vous,votre,vos,tien,tienne,votres"
)
POLITE: Final = _set(
    "thanks,thank,thx,ty,cheers,welcome,congratulations,congrats,sorry,apologies,agree,agreed,disagree,exactly,indeed",
    "well said,good point,good idea,good answer,great answer,nice answer,great idea,nice idea,great point,bravo",
    "merci,mercii,bienvenue,felicitations,desole,desolee,pardon,d accord,exactement,bien dit,bien vu,bonne idee",
    "tort,bonne reponse,super reponse,belle reponse,bonne question,good question,great question,bien joue,well done",
)
POLITE_TO_ALL: Final = _set(
    "thanks in advance,thank you in advance,many thanks in advance,merci d avance,merci par avance,hi all,hello all"
    ",hello everyone,hi everyone,bonjour a tous,salut a tous,merci a tous,thanks everyone,thanks all,thank you all"
)
# “your help”: said to a person who wrote here, whatever else is named.
DEEDS: Final = _set(
    "help,answer,answers,reply,replies,advice,post,posts,comment,comments,message,idea,ideas,explanation,tip,tips",
    "opinion,question,attitude,tone,aide,reponse,reponses,conseil,conseils,commentaire,commentaires,idee,idees",
    "explication,explications,avis,remarque,astuce,ton,propos,intervention",
)
# Nouns for what a channel is about, when they are definite: “the app”, “cette mise à jour”.
THINGS: Final = _set(
    "app,application,update,version,software,website,site,program,product,feature,interface,release,tool,build",
    "upgrade,plugin,extension,menu,design,installer,dark mode,model,device,packaging",
    "appli,mise a jour,maj,logiciel,produit,fonctionnalite,outil,modele,emballage,mode sombre,nouveaute,programme",
)
# Nouns for those who make it. The first ones need no article.
MAKERS: Final = _set(
    "customer service,customer support,support team,customer care,service client,service apres vente,sav,helpdesk",
    "company,brand,team,staff,devs,developers,support,management,store,shop",
    "marque,equipe,developpeurs,entreprise,boutique,magasin,direction,assistance",
)
MAKERS_ALWAYS: Final = _set(
    "customer service,customer support,support team,customer care,service client,service apres vente,sav,helpdesk"
)
# Others, when somebody's or definite: “my bank”, “l’assurance”.
OTHERS: Final = _set(
    "bank,insurance,insurer,insurance company,landlord,landlady,boss,employer,government,post office,hospital,school",
    "doctor,dentist,university,airline,airport,railway,train,bus,courier,postman,mailman,delivery company,delivery guy",
    "delivery driver,phone company,internet provider,provider,isp,phone,carrier,tax office,mayor,city council,council",
    "police,politicians,president,minister,ministry,neighbour,neighbor,neighbours,neighbors,hotel,restaurant,garage",
    "supermarket,lawyer,notary,credit card company,electricity company,energy supplier,competitor,competitors,weather",
    "manager,colleague,colleagues,teacher,bailiff,tenant,embassy,prefecture,mechanic,plumber",
    "agency,broker,postal service",
    "banque,assurance,mutuelle,proprietaire,bailleur,patron,patronne,chef,employeur,gouvernement,poste,bureau de poste",
    "hopital,ecole,medecin,docteur,dentiste,universite,compagnie aerienne,aeroport,livreur,facteur,transporteur",
    "operateur,fournisseur,fournisseur d acces,telephone,impots,mairie,maire,conseil municipal,politiciens,ministre",
    "ministere,voisin,voisine,voisins,concurrent,concurrents,concurrence,supermarche,avocat,notaire,huissier,locataire",
    "ambassade,garagiste,plombier,agence,courtier,meteo,caf,securite sociale,prof,professeur,collegue",
    "collegues,syndic,copropriete,police,caisse d allocations,boulanger,train,bus,metro,hotel,restaurant",
)
# Companies that everybody names, as they are written with a capital or not; what is listed comes first.
COMPANIES: Final = _set(
    "amazon,google,microsoft,facebook,paypal,ebay,netflix,spotify,uber,airbnb,ryanair,easyjet,lufthansa,deliveroo",
    "dhl,ups,fedex,usps,hermes,chronopost,colissimo,la poste,sncf,ratp,edf,engie,mondial relay,whatsapp,instagram",
    "youtube,twitter,linkedin,tiktok,windows,macos,android,iphone,samsung,aliexpress,temu,zalando,ikea,carrefour,leclerc",
    "bnp,bnp paribas,societe generale,credit agricole,lcl,boursorama,hsbc,barclays,revolut,visa,mastercard,vodafone",
    "bouygues,sfr,comcast,at t,verizon,air france,british airways,royal mail",
    "la banque postale,pole emploi,france travail",
    "booking com,tripadvisor,vinted,leboncoin,cdiscount,fnac,darty,nhs,irs",
)
COMPANIES_EXACT: Final = (
    "Apple",
    "Orange",
    "Free",
    "Total",
    "Visa",
    "Hermes",
    "UPS",
    "Shell",
    "Chase",
    "Temu",
)
OF_SOMEBODY: Final = _set("my,our,mon,ma,mes,notre,nos,his,her,their,son,sa,ses,leur,leurs")
DEFINITE: Final = _set(
    "the,this,that,these,those,la,le,l,les,cette,ce,cet,ces,new,latest,nouvelle,nouveau,derniere,dernier,du,au,des,aux"
)
INDEFINITE: Final = _set("a,an,un,une,another,any,every,some,autre,chaque")
YOURS: Final = _set("your,ur,votre,vos,ton,ta,tes")
OF: Final = _set("of,from,at,de,d,du,des,chez")
# Words of feeling that feel nothing of whoever is named after them.
UNFELT: Final = _set("nothing against,rien contre,no problem with,aucun probleme avec")
