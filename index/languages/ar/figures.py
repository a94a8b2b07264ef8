"""What figures count and measure in Arabic."""

import re

from index.languages.grammar import Toll
from index.languages.parts.casualties import FigureWords
from index.text.normalisation import folded_words


def _words(listed: str) -> re.Pattern[str]:
    """Return a pattern of words, a conjunction or a preposition written on to them or not."""
    return re.compile(rf"(?:[وفبل](?=...))?(?:{'|'.join(folded_words(listed))})")


_TOLLS = {
    Toll.DEAD: _words(
        "قتل قتلت قتلوا يقتل قتيل قتيلا قتلى قتيلين مقتل القتلى قتلاهم مصرع مصرعه مصرعهم توفي توفيت توفوا "
        "وفاة وفيات الوفيات مات ماتوا موت استشهد استشهاد شهيدا شهداء الشهداء جثة جثث"
    ),
    Toll.INJURED: _words(
        "أصيب أصيبت أصيبوا إصابة إصابات الإصابات مصاب مصابا مصابين المصابين المصابون جرح جريح جريحا جرحى الجرحى "
        "يصب يصاب أصابت"
    ),
    Toll.MISSING: _words("مفقود مفقودا مفقودين مفقودون المفقودين المفقودون فقدان فقد"),
    Toll.DISPLACED: _words(
        "نزح نزحت نزحوا نزوح نازح نازحا نازحين النازحين النازحون شرد شردت تشريد تشرد مشرد مشردا إجلاء أجلي أجليت "
        "أجلت مهجر"
    ),
    Toll.ARRESTED: _words(
        "اعتقل اعتقلت يعتقل اعتقال معتقل معتقلا معتقلين المعتقلين أوقف أوقفت إيقاف موقوف موقوفا توقيف محتجز "
        "محتجزا محتجزين"
    ),
    Toll.RESCUED: _words("أنقذ أنقذت إنقاذ ناج ناجيا ناجين الناجين"),
}
HOW_MANY = re.compile(r"\bكم\b|\bعدد\b|\bحصيله\b")
_REACHED = re.compile(r"\b(?:حصيله|عدد)\b[^.;:!?]*\b(?:الي|عند)\s+(?:(?:اكثر من|نحو|حوالي)\s+)?$")
_MEASURES = {
    "length": re.compile(r"\b(?:امتار|مترا?|كيلومترا?|كيلومترات|كم|km)\b"),
    "share": re.compile(r"%|٪|\b(?:بالميه|بالمايه|في المايه)\b"),
    "time": re.compile(r"\b(?:دقايق|دقيقه|ساعات|ساعه|ايام|يوما|اسابيع|اشهر|شهرا|سنوات|سنه|اعوام|عاما)\b"),
    "weight": re.compile(r"\b(?:طنا?|اطنان|كيلوغراما?|برميلا?|براميل|kg)\b"),
    "money": re.compile(r"[$€£]|\b(?:دولارا?|دولارات|يورو|دينارا?|دنانير|ريالا?|جنيها?|ليره)\b"),
}
FIGURES = FigureWords(_TOLLS, _REACHED, _MEASURES)
