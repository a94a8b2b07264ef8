"""The short lines under a title that say who wrote an article, for which outlet, and on which day."""

import re
from dataclasses import dataclass

from index.dates import WEEKDAYS, find_day
from index.fields import field_named
from index.folding import fold, word_set

# Longer lines, and parts of more words, are sentences (characters, words).
_LONGEST = 120
_MOST_WORDS = 5
_BETWEEN = re.compile(r"\s*[/|·•–—]\s*|\s+-+\s+|\s*[,،;؛]\s+")
_BY = re.compile(r"(?:by|بقلم|كتبه|كتبت|كتب|[إا]عداد)(?:\s*[:：]\s*|\s+)(?=\S)", re.IGNORECASE)
_LABEL = re.compile(r"(?P<key>[^:：]{1,30})[:：]\s*(?P<value>[^:：]+)")
_BEFORE_DAY = re.compile(rf"(?:^|{_BETWEEN.pattern}|[(\[])\s*$")
_AFTER_DAY = re.compile(rf"\s*[)\]]?(?:$|{_BETWEEN.pattern}|\s+(?=by\s))", re.IGNORECASE)
_SENTENCE_MARKS = re.compile(r"[!?…؟:：«»\"“”]|[.،,]$")
_DAY_LABELS = frozenset(map(fold, ("published", "published on", "posted", "posted on", "نشر", "نشر في", "بتاريخ")))
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}", re.IGNORECASE)
# A name that holds one of these words, whatever its case, is an outlet's; without them it may be a place or a person.
_OUTLET_WORDS = word_set(
    fold(
        "agence agencies agency ap afp bbc bloomberg broadcasting bulletin channel chronicle cnn courier daily "
        "dispatch examiner gazette guardian herald inquirer journal ledger magazine media monitor network news "
        "newspaper newswire observer online post press radio report reuters review sentinel telegraph television "
        "times tribune tv weekly wire "
        "وكالة وكالات صحيفة جريدة قناة موقع شبكة إذاعة راديو مجلة تلفزيون فضائية مرصد منصة نيوز برس أونلاين رويترز "
        "الأناضول"
    )
)
# Words that names are not made of: the line is a sentence.
_SENTENCE_WORDS = word_set(fold("في من على إلى عن أن إن قال قالت لا ما هل لم لن قد كان كانت هو هي هذا هذه بعد قبل مع"))
_SMALL = word_set("and of the for in de la le el al van von bin ibn du da di &")
_NO_FIRST_NAMES = _SMALL | word_set(fold(WEEKDAYS))
_ARTICLE = fold("ال")


@dataclass(frozen=True, slots=True)
class Credit:
    """What a line says of its article, by field; `is_whole` when it says nothing else."""

    fields: dict[str, str]
    is_whole: bool


def credit_of(line: str) -> Credit | None:
    """Read a line such as "By Ian Mercer, Northern Ledger / 4 November 2025"; None where it is not clearly one.

    It begins with "By", "كتب" and the like or has a day that stands apart, and all its parts are short as names are.
    """
    line = line.strip()
    if len(line) > _LONGEST:
        return None
    fields: dict[str, str] = {}
    parts = _BETWEEN.split(line)
    if day := find_day(line):
        before, after = _without_label(line[: day.start]), line[day.end :]
        ahead, behind = _BEFORE_DAY.search(before), _AFTER_DAY.match(after)
        if ahead is None or behind is None:
            return None
        fields["published"] = day.text
        parts = [*_BETWEEN.split(before[: ahead.start()]), *_BETWEEN.split(after[behind.end() :])]
    elif not begins_byline(line):
        return None
    return _credit(fields, [part.strip() for part in parts if part.strip()])


def begins_byline(line: str) -> bool:
    """Tell whether a line begins as bylines do."""
    return bool(_BY.match(line.strip()))


def _credit(fields: dict[str, str], parts: list[str]) -> Credit | None:
    """Give each part its field; what follows a name and is no outlet (a post, a place) belongs to the byline."""
    is_whole = True
    for part in parts:
        field, value = _field_of(part)
        if not _is_label(value) or (field == "byline" and not _begins_name(value)):
            return None
        if field is None and "byline" in fields:
            fields["byline"] += f", {value}"
        elif field is None or field in fields:
            is_whole = False
        else:
            fields[field] = value
    return Credit(fields, is_whole) if fields else None


def _field_of(part: str) -> tuple[str | None, str]:
    """Tell which field a part is, if any, and its value without the label."""
    if match := _BY.match(part):
        return "byline", part[match.end() :]
    if (match := _LABEL.fullmatch(part)) and (field := field_named(match["key"])) in ("byline", "source"):
        return field, match["value"].strip()
    words = {word for written in fold(part).split() for word in (written, written.removeprefix(_ARTICLE))}
    return "source" if words & _OUTLET_WORDS or _DOMAIN.fullmatch(part) else None, part


def _is_label(text: str) -> bool:
    """Tell whether a part can be a name: short, no sentence, and with capitals where its script has them."""
    words = text.split()
    return (
        len(words) <= _MOST_WORDS and _SENTENCE_MARKS.search(text) is None and all(_is_of_names(word) for word in words)
    ) or _DOMAIN.fullmatch(text) is not None


def _begins_name(text: str) -> bool:
    words = fold(text).split()
    return bool(words) and words[0] not in _NO_FIRST_NAMES and words[0][0].isalpha()


def _is_of_names(word: str) -> bool:
    folded = fold(word)
    has_capitals = word != word.lower() or word == word.upper()
    return folded in _SMALL or (has_capitals and folded not in _SENTENCE_WORDS)


def _without_label(before: str) -> str:
    """Take "Published:" and the like off what stands before a day."""
    start = max((match.end() for match in _BETWEEN.finditer(before)), default=0)
    label = before[start:].strip().rstrip(":：").rstrip()
    return before[:start] if fold(label) in _DAY_LABELS or field_named(label) == "published" else before
