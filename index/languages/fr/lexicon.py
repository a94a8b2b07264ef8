"""French words of speakers: titles, institutions and what stands around them; and of orders to a language model."""

import re

from index.text.normalisation import word_set

HONORIFICS = {"m.": "m", "mm.": "p", "mme": "f", "mlle": "f", "mmes": "p", "me": "h", "dr": "h", "pr": "h", "mgr": "m"}
# With their feminine, where that is another word; the plural is made from them.
_TITLES = word_set(
    "président présidente vice-président vice-présidente ministre secrétaire sous-secrétaire chancelier chancelière premier première "
    "porte-parole directeur directrice gérant gérante avocat avocate bâtonnier bâtonnière vice-ministre commandant commandante ambassadeur ambassadrice "
    "conseiller conseillère expert experte gouverneur gouverneure vice-gouverneur maire adjoint adjointe sénateur sénatrice député députée "
    "élu élue représentant représentante parlementaire chef cheffe patron patronne dirigeant dirigeante leader responsable fonctionnaire juge "
    "magistrat magistrate procureur procureure préfet préfète sous-préfet roi reine prince princesse émir cheikh pape évêque "
    "archevêque cardinal rabbin imam mufti professeur professeure enseignant enseignante instituteur institutrice chercheur chercheuse analyste docteur "
    "docteure médecin infirmier infirmière chirurgien chirurgienne monsieur madame ingénieur ingénieure journaliste reporter correspondant "
    "correspondante écrivain écrivaine auteur auteure autrice réalisateur réalisatrice cinéaste acteur actrice chanteur chanteuse "
    "entraîneur entraîneuse sélectionneur joueur joueuse attaquant gardien gardienne capitaine militant militante activiste coordinateur coordinatrice "
    "coordonnateur émissaire envoyé envoyée délégué déléguée commissaire fondateur fondatrice propriétaire pdg dg général "
    "générale colonel colonelle major lieutenant sergent amiral brigadier maréchal étudiant étudiante élève scientifique historien "
    "historienne économiste agriculteur agricultrice habitant habitante témoin survivant survivante source rapporteur rapporteuse "
    "médiateur médiatrice opérateur mère père frère soeur sœur fils fille épouse époux mari femme homme veuve veuf voisin voisine commerçant "
    "commerçante doyen doyenne recteur rectrice inspecteur inspectrice officier policier policière gendarme éditeur éditrice consul "
    "consule diplomate pêcheur pêcheuse chauffeur pilote syndicaliste opposant opposante candidat candidate armateur magnat homologue "
    "patriarche prêtre avocat-conseil sociologue politologue psychologue pédiatre virologue épidémiologue géologue climatologue "
    "biologiste chimiste physicien physicienne spécialiste universitaire consultant consultante trader manifestant manifestante gréviste "
    "docker marin employé employée salarié salariée ouvrier ouvrière client cliente patient patiente supporter citoyen citoyenne "
    "premier-ministre vice-premier entrepreneur entrepreneuse artiste musicien musicienne producteur productrice animateur animatrice "
    "éleveur éleveuse bénévole secouriste pompier soldat combattant rebelle prisonnier détenu réfugié ex-ministre ex-président ancien-ministre"
)
_PLURALS = word_set(
    "autorités responsables experts analystes chercheurs scientifiques témoins habitants riverains diplomates médecins avocats ministres "
    "procureurs enquêteurs militants critiques partisans députés sénateurs élus opposants secouristes organisateurs économistes "
    "observateurs porte-parole ingénieurs agriculteurs commerçants villageois manifestants sources spécialistes syndicats proches familles "
    "grévistes pompiers policiers soignants enseignants parents magistrats rebelles autorités associations organisations partis pays"
)
_INSTITUTIONS = word_set(
    "ministère ambassade gouvernement armée police gendarmerie agence conseil comité commission autorité autorités parti mouvement organisation "
    "association union compagnie société entreprise groupe firme banque université institut centre cour tribunal parlement sénat "
    "congrès assemblée chambre kremlin pentagone élysée matignon bureau département direction délégation coalition alliance front "
    "journal quotidien hebdomadaire chaîne réseau site communiqué rapport étude sondage enquête club équipe fédération confédération ligue fondation "
    "fonds force forces commandement marine administration présidence cabinet mission consulat préfecture mairie municipalité "
    "hôpital école lycée collège aéroport opérateur milice faction opposition syndicat régulateur ong parquet brigade ville région "
    "onu otan ue fmi oms unesco unicef hcr ue état coordination collectif rassemblement pacte régie port croix-rouge croissant-rouge "
    "observatoire palais rédaction office ordre académie église patriarcat haut-commissariat secrétariat instance majorité défense accusation"
)
DETERMINERS = word_set(
    "le la l' les un une des cet ce cette ces son sa ses leur leurs mon ma mes notre nos votre vos plusieurs certains certaines quelques "
    "deux trois quatre cinq six sept huit neuf dix aucun aucune chaque d'autres tous toutes"
)
FEMININE = word_set("la une cette sa ma")
MASCULINE = word_set("le un ce cet")
PLURAL = word_set(
    "les des ces ses leurs mes nos vos plusieurs certains certaines quelques deux trois quatre cinq six sept huit neuf dix tous toutes"
)
PARTICLES = word_set("de du d' des le la van von der den dos da di el al ben bin ibn abou abu ould bint")
# What joins a complement to a title or a body.
INNER = word_set("de du des d'")
PRONOUNS = {"il": "m", "elle": "f", "ils": "p", "elles": "p", "on": "", "ce": "", "celui-ci": "m", "celle-ci": "f"}
# What speaks to a language model rather than to a reader: an order to forget, to obey, to become another, or to say a
# certain thing. In folded text, which has no accents.
ORDERS = re.compile(
    r"\b(?:ignore[zr]?|oublie[zr]?|neglige[zr]?|contourne[zr]?|ne tiens? pas compte|ne tenez pas compte)\b.{0,40}"
    r"\b(?:ci-dessus|precedentes?|precedents?|anterieures?|consignes?|instructions?|regles?|passages?|tout ce qui precede)\b"
    r"|\b(?:tu es|vous etes) (?:maintenant|desormais)\b.{0,30}\b(?:assistant|modele|ia|robot|developpeur)\b"
    r"|\b(?:comporte-toi|comportez-vous|agis|agissez) comme\b.{0,20}\b(?:assistant|modele|ia|robot|developpeur)\b"
    r"|\b(?:nouvelles?|veritables?|autres|secretes?)\s+(?:instructions?|consignes?|regles?)\s*:"
    r"|\b(?:instructions?|consignes?|message)\s+(?:systeme|du systeme|secretes?|cachees?)\s*:"
    r"|\b(?:modeles? de langage|modele d'ia|assistants? ia|agent conversationnel)\b.{0,60}"
    r"\b(?:doit|doivent|devez|lit|lisant|repond\w*|ecri\w+|affiche\w*|repete\w*|attention)\b"
    r"|\b(?:reponds|repondez|ecris|ecrivez|affiche[zr]?|repete[zr]?)\b.{0,25}"
    r"\b(?:seulement|uniquement|exactement|mot pour mot|a l'utilisateur|au lecteur|ce qui suit|que la reponse)\b"
    r"|^\s*(?:systeme|utilisateur|developpeur)\s*:|^\s*question\s*:"
    r"|\bfin (?:des?|du) (?:passages?|contexte|documents?|articles?|consignes?)\b"
    r"|\bcite[zr]?\s+(?:le passage|l'article|la source|ce passage|cet article)\b"
    r"|\b(?:ajoute|ajoutez|insere[zr]?)\b.{0,30}\b(?:lien|url|image)\b"
)


def is_title(word: str) -> bool:
    """Tell whether a word in small letters is a title or a trade: "ministre", "porte-parole"."""
    return _known(word, _TITLES) or word in _PLURALS


def is_plural_title(word: str) -> bool:
    """Tell whether a word in small letters names several speakers: "experts"."""
    return word in _PLURALS or (word not in _TITLES and _known(word, _TITLES))


def is_institution(word: str) -> bool:
    """Tell whether a word in small letters names a body that makes statements: "ministère", "ambassade"."""
    return _known(word, _INSTITUTIONS)


def _known(word: str, words: frozenset[str]) -> bool:
    return word in words or (word.endswith(("s", "x")) and word[:-1] in words)
