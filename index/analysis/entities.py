"""What in a sentence can be looked up in a passage: its numbers, dates and names, compared across scripts."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from index.analysis.calendar import has_capitals, weekdays
from index.analysis.dates import months_in
from index.analysis.identification import language_of, question_language
from index.analysis.phonetic_keys import name_keys
from index.analysis.terms import is_stopword, terms
from index.languages import Orthography, languages, readers, reading
from index.languages import language as language_pack
from index.languages.grammar import MentionKind
from index.languages.orthography import NumberWords
from index.text.normalisation import Span, fold, normalise
from index.text.scripts import script_of


class EntityKind(StrEnum):
    """What kind of fact it is."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Entity:
    """A number, a date's month or weekday, or a name's word: `text` is `sentence[start:end]` or stands for it.

    It occurs in a passage when one of its `forms` is among the passage's.
    """

    kind: EntityKind
    text: str
    start: int
    end: int
    forms: frozenset[str]

    def occurs(self, known: Collection[str]) -> bool:
        """Tell whether a passage with these forms has it."""
        return any(form in known for form in self.forms)


# After a figure without a space, "£30m".
_ABBREVIATED = {"k": 10.0**3, "m": 10.0**6, "mn": 10.0**6, "bn": 10.0**9, "tn": 10.0**12}
# The second year of "1620–21".
_SECOND_YEAR = re.compile(r"(?<![\d.,])(\d\d)(\d\d)[\-–](\d\d)(?!\d)")
# "One" and "two" are articles, pronouns and Arabic duals as often as counts.
_LEAST_IN_WORDS = 3
# So many characters after a number, "and a half" is looked for.
_FURTHEST = 32
_DIGITS = "[0-9٠-٩۰-۹]"
_UNIT = re.compile(rf"(?P<digits>{_DIGITS}+(?:[.,٫٬]{_DIGITS}+)*)|(?P<word>[^\W\d_]+)")
# "75 000" is one figure in many languages.
_SPACED_UNIT = re.compile(
    rf"(?P<digits>(?<![\d.,])[1-9]\d{{0,2}}(?:[ \u00a0\u202f]\d{{3}})+(?!\d)(?:,\d+)?|{_DIGITS}+(?:[.,٫٬]{_DIGITS}+)*)"
    r"|(?P<word>[^\W\d_]+)"
)
_BETWEEN_NUMBERS = re.compile(r"[\s\-–,،]*")
_CAPITAL = re.compile(r"[^\W\d_][^\W_]*(?:['’\-][^\W_]+)*")
_CASED = re.compile("[A-Za-zÀ-ɏͰ-ϿЀ-ԯ]+")
# What may stand between two words of one name.
JOINS = re.compile(r"(?:['’]s)?[\s\-–]+(?:(?:of|the|de|al|bin|بن)[\s\-]+)*")


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    value: float
    parts: tuple[float, ...]
    in_words: bool
    # What it may mean as well: "30m" is thirty millions or metres, the end of "1620–21" is 1621.
    also: tuple[float, ...] = ()

    @property
    def forms(self) -> frozenset[str]:
        return frozenset(_form(value) for value in (self.value, *self.also))


def entities_of(sentence: str, language: str | None = None) -> tuple[Entity, ...]:
    """Return the numbers, dates and names of a sentence, in that order.

    `language` is the sentence's, by its code; it is detected where it is not given.
    """
    code = language or question_language(sentence)
    found: list[Entity] = []
    for number in _numbers(sentence, code):
        if number.in_words and number.value < _LEAST_IN_WORDS:
            continue
        text = sentence[number.start : number.end]
        found.append(Entity(EntityKind.NUMBER, text, number.start, number.end, number.forms))
    found += [
        Entity(EntityKind.DATE, text, at, at + len(text), frozenset({f"month {n}"}))
        for at, text, n in months_in(sentence, code)
    ]
    found += [
        Entity(EntityKind.DATE, text, at, at + len(text), frozenset({f"day {n}"}))
        for at, text, n in _weekdays(sentence, code)
    ]
    return (*found, *_names(sentence, code))


@lru_cache(maxsize=256)
def forms_in(text: str, published: date | None = None, language: str | None = None) -> frozenset[str]:
    """Return the forms of every number, date, name and word of a passage; of its article's date too."""
    code = language or question_language(text)
    forms: set[str] = set()
    for number in _numbers(text, code):
        forms |= number.forms | {_form(part) for part in number.parts}
    forms |= {f"month {number}" for _, _, number in months_in(text, code)}
    forms |= {f"day {number}" for _, _, number in _weekdays(text, code)}
    if published:
        forms |= {_form(published.year), _form(published.day), f"month {published.month}", f"day {published.weekday()}"}
    forms |= {f"key {key}" for key in name_keys(text, code)}
    return frozenset(forms | {f"term {term}" for term in terms(text, code)})


def word_forms(word: str, language: str) -> frozenset[str]:
    """Return the forms by which a word of a text in a language is found: its term and, for a likely name, its keys."""
    return frozenset(
        {f"term {term}" for term in terms(word, language)} | {f"key {key}" for key in name_keys(word, language)}
    )


def _form(value: float) -> str:
    return f"number {value:g}" if abs(value) < 10**5 and value != int(value) else f"number {value:.10g}"


@dataclass(frozen=True, slots=True)
class _Unit:
    """A token of a number: its value, whether it multiplies what stands before it, and whether it is a word.

    `end` is where it ends in the text; `stands` tells of a scale that it is a number alone, `is_dual` that alone it is
    two, `is_ordinal` of a word that it is "third" rather than "three"; `is_half` is "and a half".
    """

    value: float
    scale: bool
    worded: bool
    end: int
    stands: bool = False
    is_ordinal: bool = False
    is_dual: bool = False
    is_half: bool = False


def _numbers(text: str, code: str) -> Iterator[_Number]:
    """Read numbers in figures and in words, ordinals too; with a scale word after it ("5 million") both count."""
    run: list[_Unit] = []
    start = end = 0
    in_words = True
    years = {match.start(3): float(match[1] + match[3]) for match in _SECOND_YEAR.finditer(text)}
    read_by = reading(code)
    joins = frozenset(join for own in read_by for join in own.numbers.joins)
    matches = list((_SPACED_UNIT if all(own.numbers.spaced for own in _first(code)) else _UNIT).finditer(text))
    until = 0
    for place, match in enumerate(matches):
        if match.start() < until:
            continue
        unit = _unit(matches, place, code)
        if match.start() in years and match["digits"]:
            yield from _closed(run, start, end, in_words)
            run = []
            value = float(match["digits"])
            yield _Number(match.start(), match.end(), value, (), in_words=False, also=(years[match.start()],))
            continue
        if unit and unit.scale and fold(match.group()) in _ABBREVIATED and run:
            run.append(unit)
            for number in _closed(run, start, match.end(), in_words):
                yield replace(number, also=number.parts)
            run = []
            continue
        joined = bool(run) and _BETWEEN_NUMBERS.fullmatch(_without(joins, text[end : match.start()])) is not None
        if unit is None:
            if not (run and fold(match.group()) in joins):
                yield from _closed(run, start, end, in_words)
                run = []
            continue
        if run and (_is_apart(unit, run) or not joined or not (unit.scale or (unit.worded and in_words))):
            yield from _closed(run, start, end, in_words)
            run = []
        if not run:
            start, in_words = match.start(), unit.worded
        run += (unit, *_halves(unit, text, code))
        end = until = run[-1].end
    yield from _closed(run, start, end, in_words)


def _without(joins: frozenset[str], between: str) -> str:
    return " ".join(word for word in between.split() if fold(word) not in joins) if between.strip() else ""


def _is_apart(unit: _Unit, run: Sequence[_Unit]) -> bool:
    """Tell whether a unit is none of the number before it: "one third" is no four, "مليون ونصف المليون" no product."""
    is_part = unit.is_ordinal and [part.value for part in run] == [1]
    return is_part or (run[-1].is_half and run[-1].value >= 1)


def _halves(unit: _Unit, text: str, code: str) -> Iterator[_Unit]:
    """Yield the half that the words after a number add: of its scale, "two million and a half", or of one."""
    behind = normalise(text[unit.end : unit.end + _FURTHEST])
    for own in reading(code):
        if found := own.numbers.half.match(behind.text):
            scales = own.numbers.scales.values()
            # A dual is of its scale: "مليونان ونصف".
            dual = unit.value / 2 if unit.value >= 2000 and unit.value / 2 in scales else 1.0
            scale = unit.value if unit.scale else dual
            yield _Unit(scale / 2, False, True, unit.end + behind.to_original(*found.span()).end, is_half=True)
            return


def _closed(run: Sequence[_Unit], start: int, end: int, in_words: bool) -> Iterator[_Number]:
    if len(run) == 1 and run[0].is_dual:
        # In another case of the language it is one: "ربح مليارا".
        yield _Number(start, end, 2 * run[0].value, (), in_words, also=(run[0].value,))
        return
    if not run or (len(run) == 1 and run[0].scale and not run[0].stands):
        return
    total = current = 0.0
    for unit in run:
        if not unit.scale:
            current += unit.value
            continue
        current = max(current, 1) * unit.value
        if unit.value >= 1000:
            total, current = total + current, 0.0
    parts = tuple(unit.value for unit in run if not unit.scale and not unit.is_half)
    yield _Number(start, end, round(total + current, 6), parts, in_words)


def _unit(matches: Sequence[re.Match[str]], place: int, code: str) -> _Unit | None:
    """Read a token as a part of a number, perhaps with the next one; None when it is no number."""
    match = matches[place]
    if match["digits"]:
        term = terms(match["digits"], code)
        return _Unit(float(term[0]), False, False, match.end()) if len(term) == 1 else None
    folded = fold(match["word"])
    if folded in _ABBREVIATED and match.string[: match.start()][-1:].isdecimal():
        return _Unit(_ABBREVIATED[folded], True, False, match.end())
    before = _beside(matches, place, -1)
    for own in readers(script_of(folded), code):
        words = own.numbers
        if folded in words.percent or (before and f"{before} {folded}" in words.percent):
            return None
        after = _beside(matches, place, 1)
        if after and (value := words.compounds.get(f"{folded} {after}")) is not None:
            return _Unit(value, False, True, matches[place + 1].end())
        if (found := _worded(folded, own.code)) is not None:
            value, scale = found
            is_dual = scale and folded.endswith(words.duals)
            return _Unit(value, scale, True, match.end(), folded in words.alone, _is_ordinal(folded, words), is_dual)
    return None


def _beside(matches: Sequence[re.Match[str]], place: int, step: int) -> str:
    """Return the folded word before (-1) or after (1) a token, "" where more than a space or a hyphen parts them."""
    other = place + step
    if not 0 <= other < len(matches) or not matches[other]["word"]:
        return ""
    first, second = sorted((matches[place], matches[other]), key=lambda match: match.start())
    between = first.string[first.end() : second.start()]
    return fold(matches[other]["word"]) if between in (" ", "-", "\u00a0", "‑") else ""


@lru_cache(maxsize=1 << 14)
def _worded(folded: str, code: str) -> tuple[int, bool] | None:
    """Return the value of a number in words of a language, and whether it is a scale; None for another word."""
    words = language_pack(code).orthography.numbers
    for bare in (folded, *(folded.removeprefix(prefix) for prefix in words.prefixes if folded.startswith(prefix))):
        for table in _tables(words):
            if bare in table:
                return table[bare], table is words.scales
    teen = folded.removesuffix(words.ordinal) if words.ordinal and folded.endswith(words.ordinal) else ""
    return (words.cardinals[teen], False) if teen in words.cardinals else None


def _is_ordinal(folded: str, words: NumberWords) -> bool:
    return folded in words.ordinals or (bool(words.ordinal) and folded.endswith(words.ordinal))


def _tables(words: NumberWords) -> tuple[Mapping[str, int], ...]:
    return words.cardinals, words.scales, words.ordinals


def _first(code: str) -> tuple[Orthography, ...]:
    """Return the orthographies of a language itself."""
    return (language_pack(code).orthography,)


def _weekdays(text: str, code: str) -> Iterator[tuple[int, str, int]]:
    for match in _CAPITAL.finditer(text):
        folded = fold(match.group())
        for own in readers(script_of(folded), code):
            names = weekdays(own.code)
            day = next((names[name] for name in (folded, *_bare(folded, own.numbers.joins)) if name in names), None)
            if day is not None and (match.group()[0].isupper() or not has_capitals(own.code)):
                yield match.start(), match.group(), day
                break


def _bare(folded: str, joins: frozenset[str]) -> Iterator[str]:
    """Yield a word without a conjunction that is written on to it."""
    yield from (folded.removeprefix(join) for join in joins if folded.startswith(join))


def _names(sentence: str, code: str) -> Iterator[Entity]:
    """Read the words of names: capitalised ones, and what a script without capitals calls a person."""
    dated = {fold(text) for _, text, _ in (*months_in(sentence, code), *_weekdays(sentence, code))}
    for span in (*_capitalised(sentence, code), *_people(sentence)):
        word = span.slice(sentence)
        bare = re.sub(r"['’]s$", "", word)
        forms = word_forms(bare, code)
        folded = fold(bare)
        read_by = readers(script_of(folded), code)
        counts = any(folded in table for own in read_by for table in _tables(own.numbers))
        if forms and not counts and fold(word) not in dated and not is_stopword(bare, code):
            yield Entity(EntityKind.NAME, bare, span.start, span.start + len(bare), forms)


def _capitalised(sentence: str, code: str) -> Iterator[Span]:
    words = [_unelided(match, code) for match in _CAPITAL.finditer(sentence)]
    for place, span in enumerate(words):
        word = span.slice(sentence)
        if not _is_capital(word):
            continue
        follows = place + 1 < len(words) and _is_capital(words[place + 1].slice(sentence))
        before = sentence[: span.start].rstrip(" \"'“«([")
        begins = not before or before[-1] in ".!?:"
        if not begins or follows or word.endswith(("'s", "’s")):
            yield span


def _unelided(match: re.Match[str], code: str) -> Span:
    """Return where a word stands without what is elided before it: "Iran" of "l'Iran"."""
    for own in readers(script_of(match.group()), code):
        if elided := own.elision.match(match.group()):
            return Span(match.start() + elided.end(), match.end())
    return Span(match.start(), match.end())


def _is_capital(word: str) -> bool:
    """Tell whether a word is written as a name: with a capital, or with one after an article, as "al-Zaidi"."""
    return word[0].isupper() or (word[:1] in "ae" and word[2:3] == "-" and word[3:4].isupper())


def _people(sentence: str) -> Iterator[Span]:
    """Read the words of people's names in the part of a sentence whose script has no capitals."""
    if not any(pack.script.letters.search(sentence) for pack in languages() if not pack.script.has_case):
        return
    pack = language_of(_CASED.sub(" ", sentence))
    if pack.script.has_case:
        return
    tokens = pack.grammar.tokens(sentence, Span(0, len(sentence)))
    words = [token for token in tokens if token.is_word and pack.script.letters.match(token.folded)]
    for mention in pack.grammar.mentions(tokens):
        if mention.kind is MentionKind.PERSON:
            for token in words:
                if mention.name.start <= token.start < mention.name.end:
                    yield Span(token.start, token.end)
