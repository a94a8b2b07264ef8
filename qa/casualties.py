"""The dead, the injured and others: which of a sentence's figures counts those that a question asks about.

News gives them in one breath ("nine were killed and 31 injured"), and a span model takes one for the other.
"""

import re
from enum import StrEnum

from index.folding import Span, fold, word_set
from qa.facts import FactKind, facts_of


class Toll(StrEnum):
    """Whom a figure counts."""

    DEAD = "dead"
    INJURED = "injured"
    MISSING = "missing"
    DISPLACED = "displaced"
    ARRESTED = "arrested"
    RESCUED = "rescued"


_ENGLISH = {
    Toll.DEAD: re.compile(r"kill\w*|dead|deadly|die[ds]?|dying|deaths?|fatal\w*|perished"),
    Toll.INJURED: re.compile(r"injur\w*|wound\w*|hurt|hospitali[sz]ed"),
    Toll.MISSING: re.compile(r"missing|unaccounted"),
    Toll.DISPLACED: re.compile(r"displac\w*|evacuat\w*|homeless|uprooted|fled"),
    Toll.ARRESTED: re.compile(r"arrest\w*|detain\w*|jailed|imprisoned"),
    Toll.RESCUED: re.compile(r"rescue[ds]?"),
}
_ARABIC = {
    Toll.DEAD: word_set(
        fold(
            "قتل قتلت قتلوا يقتل قتيل قتيلا قتلى قتيلين مقتل القتلى قتلاهم مصرع مصرعه مصرعهم توفي توفيت توفوا "
            "وفاة وفيات الوفيات مات ماتوا موت استشهد استشهاد شهيدا شهداء الشهداء جثة جثث"
        )
    ),
    Toll.INJURED: word_set(
        fold(
            "أصيب أصيبت أصيبوا إصابة إصابات الإصابات مصاب مصابا مصابين المصابين المصابون جرح جريح جريحا جرحى الجرحى "
            "يصب يصاب أصابت"
        )
    ),
    Toll.MISSING: word_set(fold("مفقود مفقودا مفقودين مفقودون المفقودين المفقودون فقدان فقد")),
    Toll.DISPLACED: word_set(
        fold(
            "نزح نزحت نزحوا نزوح نازح نازحا نازحين النازحين النازحون شرد شردت تشريد تشرد مشرد مشردا إجلاء أجلي أجليت "
            "أجلت مهجر"
        )
    ),
    Toll.ARRESTED: word_set(
        fold(
            "اعتقل اعتقلت يعتقل اعتقال معتقل معتقلا معتقلين المعتقلين أوقف أوقفت إيقاف موقوف موقوفا توقيف محتجز "
            "محتجزا محتجزين"
        )
    ),
    Toll.RESCUED: word_set(fold("أنقذ أنقذت إنقاذ ناج ناجيا ناجين الناجين")),
}
_REACHED = re.compile(
    r"\b(?:toll|deaths|dead|injured|wounded|missing|arrests|displaced|حصيله|عدد)\b[^.;:!?]*\b(?:to|at|الي|عند)\s+"
    r"(?:(?:at least|more than|about|some|اكثر من|نحو|حوالي)\s+)?$"
)
_HOW_MANY = re.compile(r"\bhow many\b|\bnumber of\b|\btoll\b|\bكم\b|\bعدد\b|\bحصيله\b")
# Vowel marks stand within words and are no letters.
_WORD = re.compile(r"(?:[^\W_]|[\u064b-\u065f\u0670])+|[^\w\s]")
_JOINED = ("و", "ف", "ب", "ل")


def toll_asked(question: str) -> Toll | None:
    """Return whom a question asks to count, None where it asks for none of them, or for several."""
    folded = fold(question)
    asked = {toll for _, toll in _tolls(question)}
    return asked.pop() if len(asked) == 1 and _HOW_MANY.search(folded) else None


def rightly_counted(sentence: str, answer: Span, toll: Toll) -> Span | None:
    """Return the answer, or the figure that counts who is asked about where the answer counts others.

    None where it counts others and no figure of the sentence counts who is asked about.
    """
    counts = _counts(sentence)
    # "Lowered the toll to 11, saying that three …": where a toll comes to a figure, that one is it.
    reached = [
        figure for figure, counted in counts if counted is toll and _REACHED.search(fold(sentence[: figure.start]))
    ]
    if len(reached) == 1:
        return reached[0]
    if {toll for figure, toll in counts if figure.start < answer.end and answer.start < figure.end} <= {toll}:
        return answer
    return next((figure for figure, counted in counts if counted is toll), None)


def tells_of(sentence: str, toll: Toll) -> bool:
    """Tell whether a sentence tells of such people at all."""
    return any(told is toll for _, told in _tolls(sentence))


def toll_of(sentence: str, answer: Span) -> Toll | None:
    """Return whom the answer's figure counts, None where it counts nobody."""
    return next(
        (toll for figure, toll in _counts(sentence) if figure.start < answer.end and answer.start < figure.end), None
    )


def _counts(sentence: str) -> list[tuple[Span, Toll]]:
    """Return the figures that count people hit, in order, each with the nearest word that says how."""
    tolls = _tolls(sentence)
    figures = [Span(fact.start, fact.end) for fact in facts_of(sentence) if fact.kind is FactKind.NUMBER]
    counts = []
    for figure in figures:
        near = [(_between(sentence, figure, place), place.start, toll) for place, toll in tolls]
        if near:
            counts.append((figure, min(near)[2]))
    return counts


def _between(sentence: str, one: Span, other: Span) -> int:
    """Count the words and marks between two spans; a word that begins with "and" in Arabic is preceded by one."""
    first, last = sorted((one, other), key=lambda span: span.start)
    words = len(_WORD.findall(sentence[first.end : last.start]))
    return words + (fold(sentence[last.start : last.start + 2])[:1] == "و")


def _tolls(text: str) -> list[tuple[Span, Toll]]:
    found = []
    for match in _WORD.finditer(text):
        toll = _toll(fold(match[0]))
        if toll is not None:
            found.append((Span(match.start(), match.end()), toll))
    return found


def _toll(word: str) -> Toll | None:
    bare = word[1:] if word[:1] in _JOINED and len(word) > 3 else word
    for toll in Toll:
        if _ENGLISH[toll].fullmatch(word) or word in _ARABIC[toll] or bare in _ARABIC[toll]:
            return toll
    return None
