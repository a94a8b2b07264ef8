"""What figures count and measure in French."""

import re

from index.languages.grammar import Toll
from index.languages.parts.casualties import FigureWords

# Folded: without accents.
_TOLLS = {
    Toll.DEAD: re.compile(
        r"morte?s?|tuee?s?|tuer|tuant|tue|tuent|deces|decedee?s?|meurt|meurent|mouru\w*|peri\w*|cadavres?|meurtriers?|meurtriere"
    ),
    Toll.INJURED: re.compile(r"blesse\w*|hospitalisee?s?|brulee?s?"),
    Toll.MISSING: re.compile(r"disparue?s?|introuvables?|manquants?"),
    Toll.DISPLACED: re.compile(r"deplacee?s?|evacue\w*|sinistree?s?|relogee?s?"),
    Toll.ARRESTED: re.compile(
        r"arretee?s?|arrestations?|interpelle\w*|interpellations?|detenue?s?|emprisonnee?s?|ecrouee?s?"
    ),
    Toll.RESCUED: re.compile(r"secourue?s?|rescapee?s?|sauvee?s?|survivante?s?"),
}
HOW_MANY = re.compile(r"\bcombien\b|\bnombre (?:de|d')|\bbilan\b")
_REACHED = re.compile(
    r"\b(?:bilan|morts|deces|blesses|disparus|arrestations|deplaces)\b[^.;:!?]*\ba\s+"
    r"(?:(?:au moins|plus de|environ|pres de|quelque)\s+)?$"
)
_MEASURES = {
    "length": re.compile(r"\b(?:metres?|kilometres?|km|milles?)\b"),
    "share": re.compile(r"%|٪|\bpour cent\b"),
    # "400 livres par mois" are money.
    "money": re.compile(r"[$€£]|\b(?:dollars?|euros?|livres?|dinars?|francs?|couronnes?|dirhams?)\b"),
    "time": re.compile(r"\b(?:secondes?|minutes?|heures?|jours?|semaines?|mois|ans?|annees?)\b"),
    "weight": re.compile(r"\b(?:tonnes?|kilos?|kilogrammes?|kg|barils?)\b"),
}
FIGURES = FigureWords(_TOLLS, _REACHED, _MEASURES)
