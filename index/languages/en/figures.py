"""What figures count and measure in English."""

import re

from index.languages.grammar import Toll
from index.languages.parts.casualties import FigureWords

_TOLLS = {
    Toll.DEAD: re.compile(r"kill\w*|dead|deadly|die[ds]?|dying|deaths?|fatal\w*|perished|bodies"),
    Toll.INJURED: re.compile(r"injur\w*|wound\w*|hurt|hospitali[sz]ed"),
    Toll.MISSING: re.compile(r"missing|unaccounted"),
    Toll.DISPLACED: re.compile(r"displac\w*|evacuat\w*|homeless|uprooted|fled"),
    Toll.ARRESTED: re.compile(r"arrest\w*|detain\w*|jailed|imprisoned"),
    Toll.RESCUED: re.compile(r"rescue[ds]?|surviv\w+"),
}
HOW_MANY = re.compile(r"\bhow many\b|\bnumber of\b|\btoll\b")
_REACHED = re.compile(
    r"\b(?:toll|deaths|dead|injured|wounded|missing|arrests|displaced)\b[^.;:!?]*\b(?:to|at)\s+"
    r"(?:(?:at least|more than|about|some)\s+)?$"
)
_MEASURES = {
    "length": re.compile(r"\b(?:met(?:er|re)s?|kilomet(?:er|re)s?|km|miles?|feet)\b"),
    "share": re.compile(r"%|٪|\bper ?cent\b"),
    "time": re.compile(r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b"),
    "weight": re.compile(r"\b(?:tonn?es?|tons?|kilograms?|kg|barrels?)\b"),
    "money": re.compile(r"[$€£]|\b(?:dollars?|euros?|pounds?|dinars?|lira)\b"),
}
FIGURES = FigureWords(_TOLLS, _REACHED, _MEASURES)
