"""How French is written: elision, small words, abbreviations, numbers, dates, bylines, labels."""

import re

from index.languages.neutral import NeutralOrthography
from index.languages.orthography import CreditWords, DateWords, NumberWords, OutletWords, TimeWords
from index.languages.parts.jalali import JALALI_MONTHS
from index.languages.parts.stemming import stem
from index.text.normalisation import fold, folded_words, valued, word_set

_STOP_WORDS = folded_words(
    "a à afin ai ainsi ait alors après as au aucun aucune aujourd aura auront aussi autre autres aux avaient avait avant avec avez avoir "
    "avons ayant c car ce ceci cela celle celles celui cependant ces cet cette ceux chacun chaque chez ci combien comme "
    "comment d dans de depuis des dès dont donc du durant elle elles en encore entre es est et étaient était étant été "
    "être eu eux fut furent hui ici il ils j je jusqu jusque l la là laquelle le lequel les lesquelles lesquels leur "
    "leurs lors lorsqu lorsque lui m ma mais me même mêmes mes moi moins mon n ne ni nos notre nous on ont or ou où par "
    "parce pas pendant peu peut plus pour pourquoi puis puisque qu quand quel quelle quelles quels quelqu quelque "
    "quelques qui quoi s sa sans se selon sera seront ses seulement si soit son sont sous sur t ta tandis te tel telle telles "
    "tels tes toi ton tous tout toute toutes très trop tu un une vers voici voilà vos votre vous y ça"
)
# Small words that no other language of this script writes as often, with accents and without.
_HINTS = re.compile(
    r"(?<![a-zß-öø-ɏḁ-ỿ])(?:(?:[ldjns]|qu|jusqu|lorsqu)['’]|(?:les|des|du|une|est|dans|pour|qui|quels?|quelles?|où"
    r"|quand|comment|combien|pourquoi|quoi|avec|sont|était|etait|étaient|etaient|été|ont|aux|sur|et|par|cette|ces"
    r"|leurs?|elles?|ils|nous|vous|mais|après|avant|selon|depuis|lors|chez|sans|fut|dont|qu"
    r")(?![a-zß-öø-ɏḁ-ỿ]))"
)
_ABBREVIATIONS = word_set(
    "m mm mme mmes mlle mlles dr drs pr prs me mgr st ste gén gal col lt cdt art al av apr bd bld cf chap env éd ed etc "
    "ex fig hab janv févr fév avr juil sept oct nov déc no n° nos p pp vol tél cie sté vs adj dir réf env"
)
_OPENERS = word_set(
    "Le La Les Un Une Des Il Elle Ils Elles On Nous Vous Je Ce Cette Ces Cela Mais Et Donc En Dans Au Aux Pour Par Sur "
    "Selon Après Avant Depuis Lors Lorsque Quand Si Son Sa Ses Leur Leurs Puis Ainsi Cependant Toutefois"
)
_ELISION = re.compile(r"(?:[ldjnmtsc]|(?:jus|lors|puis|quoi)?qu)['’](?=\w)", re.IGNORECASE)
_NUMBERS = NumberWords(
    cardinals=valued(
        {
            **dict(
                enumerate(
                    (
                        *("zéro", "un une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
                        *("onze", "douze", "treize", "quatorze", "quinze", "seize"),
                    )
                )
            ),
            20: "vingt",
            30: "trente",
            40: "quarante",
            50: "cinquante",
            60: "soixante",
            70: "septante",
            80: "huitante octante",
            90: "nonante",
        }
    ),
    ordinals=valued(
        {
            1: "premier première",
            2: "second seconde deuxième",
            3: "troisième",
            4: "quatrième",
            5: "cinquième",
            6: "sixième",
            7: "septième",
            8: "huitième",
            9: "neuvième",
            10: "dixième",
            11: "onzième",
            12: "douzième",
            13: "treizième",
            14: "quatorzième",
            15: "quinzième",
            16: "seizième",
            20: "vingtième",
            30: "trentième",
            40: "quarantième",
            50: "cinquantième",
        }
    ),
    # "Une dizaine" is ten, "deux douzaines" twenty-four, "des milliers" no number.
    scales=valued(
        {
            10: "dizaine dizaines",
            12: "douzaine douzaines",
            15: "quinzaine",
            20: "vingtaine",
            30: "trentaine",
            40: "quarantaine",
            50: "cinquantaine",
            60: "soixantaine",
            100: "cent cents centaine centaines",
            1000: "mille millier milliers",
            10**6: "million millions",
            10**9: "milliard milliards",
        }
    ),
    alone=frozenset({"cent", "mille"}),
    compounds={"quatre vingt": 80, "quatre vingts": 80},
    percent=frozenset({"pour cent"}),
    joins=frozenset({"et"}),
    half=re.compile(r"\s+et[\s-]+demie?\b"),
    spaced=True,
)
_DATES = DateWords(
    locales=("fr",),
    months={"fev": 2},
    of=("de",),
    at=("a",),
    zones=("heure locale", "heure de paris"),
    first=("er",),
    hijri_months={
        1: ("mouharram", "muharram", "moharram"),
        2: ("safar",),
        3: ("rabi' al-awal", "rabi' al-awwal", "rabia al-awal", "rabi' i"),
        4: ("rabi' ath-thani", "rabi' al-thani", "rabia ath-thani", "rabi' ii"),
        5: ("joumada al-oula", "joumada al-awal", "joumada i"),
        6: ("joumada ath-thania", "joumada al-akhira", "joumada ii"),
        7: ("rajab",),
        8: ("chaabane", "cha'bane", "chaabân"),
        9: ("ramadan",),
        10: ("chawwal", "chawal"),
        11: ("dhou al-qi'da", "dhou al-qa'da", "dhou al-kaada"),
        12: ("dhou al-hijja", "dhou al-hidja"),
    },
    jalali_months=JALALI_MONTHS,
    hijri_marks=("H", "de l'hégire", "hégire", "AH"),
    jalali_marks=("HS",),
    equals=("correspondant au", "soit le"),
)
_CREDITS = CreditWords(
    by=("par", "propos recueillis par", "texte de", "article de"),
    beside=("avec",),
    outlets=folded_words(
        "agence agences presse journal quotidien hebdomadaire magazine revue gazette courrier dépêche radio télévision "
        "chaîne rédaction monde figaro libération parisien afp"
    ),
    small=folded_words("et des les aux au du de la le l d"),
    published=frozenset(map(fold, ("publié", "publié le", "paru le", "mis en ligne le", "le"))),
    updated=frozenset(
        f"{fold(word)}{at}"
        for word in (
            *("mis à jour", "mis à jour le", "mise à jour", "mise à jour le", "actualisé le", "modifié le", "modifié"),
            *("dernière mise à jour", "dernière mise à jour le"),
        )
        for at in ("", " a")
    ),
    kickers=frozenset(
        map(
            fold,
            (
                *(
                    "urgent",
                    "alerte",
                    "alerte info",
                    "flash",
                    "dernière minute",
                    "exclusif",
                    "exclusivité",
                    "info exclusive",
                ),
                *("vidéo", "en images", "pour diffusion immédiate", "sous embargo"),
            ),
        )
    ),
    sections=frozenset(
        map(
            fold,
            (
                *(
                    "analyse",
                    "opinion",
                    "tribune",
                    "édito",
                    "éditorial",
                    "chronique",
                    "entretien",
                    "interview",
                    "enquête",
                ),
                *("reportage", "portrait", "décryptage", "communiqué", "communiqué de presse", "politique", "économie"),
                *("monde", "culture", "sport", "sports", "santé", "société", "sciences"),
            ),
        )
    ),
    embargo=frozenset({"embargo", "sous embargo"}),
    embargo_until=frozenset(
        fold(f"{word} {until}")
        for word in (
            *(
                "sous embargo",
                "embargo",
                "sous embargo strict",
                "ne pas publier",
                "ne pas diffuser",
                "publication interdite",
            ),
            "diffusion interdite",
        )
        for until in ("jusqu'au", "jusqu’au", "jusqu'à", "jusqu’à", "avant le", "avant")
    ),
)
_LABELS = {
    "id": ("identifiant",),
    "text": ("texte", "corps", "contenu"),
    "title": ("titre",),
    "source": ("agence", "média", "éditeur"),
    "url": ("lien", "adresse"),
    "byline": ("auteur", "auteurs", "autrice", "auteure", "journaliste", "par", "signature"),
    "category": ("catégorie", "rubrique"),
    "published": ("date de publication", "publié le", "parution", "date de parution"),
    "language": ("langue",),
    "kicker": ("surtitre", "sur-titre"),
    "embargo": ("embargo jusqu'au", "embargo jusqu’au", "sous embargo jusqu'au", "sous embargo jusqu’au"),
}
_QUESTION_COLUMNS = {
    "question": ("question", "questions"),
    "language": ("langue", "langues"),
    "source": ("source", "sources", "média", "médias"),
    "category": ("catégorie", "catégories", "rubrique"),
    "collection": ("collection", "collections"),
    "after": ("après", "depuis", "à partir de"),
    "before": ("avant", "jusqu’à", "jusqu'à", "jusqu’au", "jusqu'au"),
}
_TIMES = TimeWords(
    at=word_set(
        "en au du de des pendant depuis partir compter avant apres jusqu jusque fin debut courant mois annee an"
    ),
    before=word_set("avant"),
    after=word_set("apres"),
    since=word_set("depuis des partir compter"),
    until=word_set("jusqu jusque"),
    between=word_set("entre du"),
    to=word_set("et a au aux"),
    articles=word_set("le la l au aux du de d en a mois annee an"),
    parts=word_set("debut mi milieu courant fin"),
    last=word_set("dernier derniere passe"),
    ahead=word_set("prochain prochaine demain sera seront aura auront doit doivent devrait devraient"),
    relative={"0 year ago": ("cette annee",), "0 month ago": ("ce mois",), "1 day ago": ("hier soir",)},
    # "Cette semaine-là" is another one.
    unlike=re.compile(r"\bcet?(?:te)? \w+[-\u2010]la\b"),
)
_NAMED_OUTLETS = OutletWords(
    generic=word_set("agence journal quotidien chaine site radio presse le la l les"),
    naming=word_set("selon d'apres apres dans par dit disait rapporte ecrit chez"),
)


class FrenchOrthography(NeutralOrthography):
    """French: Snowball's stems, with "œ" as "oe"."""

    __slots__ = ()

    def stems(self, folded: str) -> tuple[str, ...]:
        """Return the stem of a folded word."""
        return (stem("fr", folded.replace("œ", "oe").replace("æ", "ae")),)


ORTHOGRAPHY = FrenchOrthography(
    "fr",
    stop_words=_STOP_WORDS,
    hints=_HINTS,
    abbreviations=_ABBREVIATIONS,
    open_abbreviations=word_set("etc al no"),
    openers=_OPENERS,
    dates=_DATES,
    numbers=_NUMBERS,
    # Titles, and what is translated in a name: "Premier ministre", "Université de Tunis".
    not_names=folded_words(
        "m mm mme mmes mlle dr pr me monsieur madame président présidente ministre premier première roi reine prince "
        "état université national nationale international internationale république général"
    ),
    particles=word_set(
        "Le La Les Du Des de da di del van von ben bin abou abu bou abd abdel abdul abdal saint sainte san mac mc"
    ),
    elision=_ELISION,
    # "Tunisien", "Libyenne", "Américains" name the place.
    demonym=re.compile("(?<=...)(?:(?P<vowel>[iey](?P<end>en(?:ne)?s?))|(?<=c)(?P<ending>aine?s?))$"),
    credits=_CREDITS,
    times=_TIMES,
    outlets=_NAMED_OUTLETS,
    field_aliases=_LABELS,
    question_columns=_QUESTION_COLUMNS,
)
