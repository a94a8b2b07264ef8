"""French names that English does not spell alike, and their peoples', by the English one."""

import re
from collections.abc import Iterable
from functools import cache

from index.languages.grammar import KnownName
from index.languages.parts.latin import NameTable

_NAMES = """
Egypt = Égypte, Egypte, égyptien, égyptienne, égyptiens, égyptiennes, egyptien, egyptienne
Cairo = Caire
Alexandria = Alexandrie
Morocco = Maroc, marocain, marocaine, marocains, marocaines
Algeria = Algérie, algérien, algérienne, algériens, algériennes, Alger
Tunisia = Tunisie, tunisien, tunisienne, tunisiens, tunisiennes
Jordan = Jordanie, jordanien, jordanienne, jordaniens, jordaniennes
Syria = Syrie, syrien, syrienne, syriens, syriennes
Damascus = Damas
Aleppo = Alep
Lebanon = Liban, libanais, libanaise, libanaises
Palestine = palestinien, palestinienne, palestiniens, palestiniennes
Jerusalem = Jérusalem
Bethlehem = Bethléem
Hebron = Hébron
West Bank = Cisjordanie
Israel = Israël, israélien, israélienne, israéliens, israéliennes
Saudi Arabia = Arabie saoudite, saoudien, saoudienne, saoudiens, saoudiennes
Mecca = Mecque
Emirates = Émirats, Emirats, émirati, émiratie, émiratis
Gulf = Golfe
Iraq = Irak, irakien, irakienne, irakiens, irakiennes
Mosul = Mossoul
Basra = Bassora
Euphrates = Euphrate
Tigris = Tigre
Turkey = Turquie, turc, turque, turcs, turques
Kurds = kurde, kurdes
Cyprus = Chypre, chypriote, chypriotes
Greece = Grèce, grec, grecque, grecs, grecques
Athens = Athènes
Germany = Allemagne, allemand, allemande, allemands, allemandes
Austria = Autriche, autrichien, autrichienne, autrichiens
Switzerland = Suisse, suisse, suisses
Hungary = Hongrie, hongrois, hongroise
Poland = Pologne, polonais, polonaise
Czech = tchèque, tchèques, Tchéquie
Croatia = Croatie, croate, croates
Bosnia = Bosnie, bosnien, bosnienne
Netherlands = Pays-Bas, néerlandais, néerlandaise, Hollande
Denmark = Danemark, danois, danoise
Norway = Norvège, norvégien, norvégienne, norvégiens
Sweden = Suède, suédois, suédoise
Finland = Finlande, finlandais, finlandaise
Ireland = Irlande, irlandais, irlandaise
Scotland = Écosse, Ecosse, écossais, écossaise
England = Angleterre, anglais, anglaise
Wales = pays de Galles, gallois, galloise
Britain = Grande-Bretagne, Royaume-Uni, britannique, britanniques
London = Londres
France = français, française, françaises
Spain = Espagne, espagnol, espagnole, espagnols, espagnoles
Lisbon = Lisbonne
Italy = Italie, italien, italienne, italiens, italiennes
Venice = Venise
Sicily = Sicile
Vienna = Vienne
Brussels = Bruxelles
Russia = Russie, russe, russes
Moscow = Moscou
Crimea = Crimée
Ukraine = ukrainien, ukrainienne, ukrainiens, ukrainiennes
Georgia = Géorgie, géorgien, géorgienne
China = Chine, chinois, chinoise, chinoises
Beijing = Pékin
Japan = Japon, japonais, japonaise
India = Inde, indien, indienne, indiens, indiennes
Afghanistan = afghan, afghane, afghans, afghanes
Ethiopia = Éthiopie, Ethiopie, éthiopien, éthiopienne
Ivory Coast = Côte d'Ivoire, ivoirien, ivoirienne
Cape Verde = Cap-Vert
Comoros = Comores
South Africa = Afrique du Sud, sud-africain, sud-africaine
America = Amérique, États-Unis, Etats-Unis, américain, américaine, américains, américaines
White House = Maison Blanche, Maison-Blanche
Australia = Australie, australien, australienne
New Zealand = Nouvelle-Zélande
Europe = européen, européenne, européens, européennes
Africa = Afrique, africain, africaine, africains, africaines
Asia = Asie, asiatique, asiatiques
North America = Amérique du Nord
South America = Amérique du Sud
Middle East = Moyen-Orient, Proche-Orient
Mediterranean = Méditerranée
Red Sea = mer Rouge
Black Sea = mer Noire
Atlantic = Atlantique
Pacific = Pacifique
Nile = Nil
Arab = arabe, arabes
Berber = berbère, berbères
Jew = juif, juive, juifs, juives
Christian = chrétien, chrétienne, chrétiens, chrétiennes
Muslim = musulman, musulmane, musulmans, musulmanes, islamique, islamiques
Catholic = catholique, catholiques
Jesus = Jésus
Moses = Moïse
Quran = Coran
United Nations = Nations unies, Nations Unies, ONU
Security Council = Conseil de sécurité
General Assembly = Assemblée générale
European Union = Union européenne, UE
African Union = Union africaine
Arab League = Ligue arabe
NATO = Otan, OTAN
World Health Organization = Organisation mondiale de la santé, OMS
World Bank = Banque mondiale
International Monetary Fund = Fonds monétaire international, FMI
World Trade Organization = Organisation mondiale du commerce, OMC
International Atomic Energy Agency = Agence internationale de l'énergie atomique, AIEA
International Criminal Court = Cour pénale internationale, CPI
Red Cross = Croix-Rouge
Red Crescent = Croissant-Rouge
World Cup = Coupe du monde
Champions League = Ligue des champions
Islamic State = État islamique, Etat islamique, Daech, Daesh, EI
Al-Qaeda = Al-Qaïda, Al-Qaida
Muslim Brotherhood = Frères musulmans
Taliban = talibans
Houthi = Houthis, Houthi
Pope = pape
Ottoman = ottoman, ottomane, ottomans
Soviet Union = URSS, Union soviétique, soviétique, soviétiques
Parliament = Parlement
"""


def known_names(text: str) -> Iterable[KnownName]:
    """Return the known names in a text, in order."""
    return _table().found_in(text)


@cache
def _table() -> NameTable:
    # A people's name is written with a capital, the adjective without one.
    peoples = re.sub(r"(?<=[,=] )[^\W\d_]", lambda first: first.group().upper(), _NAMES)
    return NameTable.of(_NAMES + peoples)
