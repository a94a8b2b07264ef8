"""Where an article names people, bodies and places, each under the fullest name that the article has for it."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.article import Article
from index.languages import PACKS, languages
from index.names.consistency import consistent
from index.names.kinds import NameKind
from index.names.places import known_places
from index.names.tagger import NameTagger, fitted
from index.names.traits import TraitedWord, sentences_of, span_of
from index.text.normalisation import Span, fold

# Raised with the tagger or with what is made of its names: articles that were read by another version are read again.
VERSION = 1
_POSSESSIVE = re.compile(r"['’]s?$")
# What Arabic writes on to the front of a name: a conjunction, a preposition; "لل" is a preposition and the article.
_JOINED = re.compile(r"(?P<join>[وف]?[بل]?)(?P<rest>\w{3,})", re.DOTALL)
_TO_THE = re.compile(r"[وف]?ل(?=ل\w{3,})")
_ARTICLE = "ال"
# With fewer letters it is no article: "وبالة".
_SHORTEST = 4
_SHORTEST_ACRONYM, _LONGEST_ACRONYM = 2, 8
_LEAST_SHOUTED = 4


@dataclass(frozen=True, slots=True)
class NameMention:
    """A name in an article: `text[start:end]`, and the fullest name that the article has for what bears it."""

    start: int
    end: int
    kind: NameKind
    name: str


@dataclass(frozen=True, slots=True)
class _Found:
    span: Span
    kind: NameKind
    # As it is written, without what is written on to it.
    name: str
    folded: tuple[str, ...]


def names_in(article: Article, tagger: NameTagger | None = None) -> tuple[NameMention, ...]:
    """Return the names of people, bodies and places in an article's text, in order.

    Blocks in a language that has no pack have none.
    """
    if not any(code in PACKS for code in article.languages):
        return ()
    model = tagger or fitted()
    sentences = [words for words in sentences_of(article) if words and _is_read(article, words)]
    names = consistent(sentences, [model.tag(words) for words in sentences])
    tagged = [(words, name) for words, own in zip(sentences, names, strict=True) for name in own]
    standing = {word.token.folded for words in sentences for word in words}
    found = [_bare(article.text, words, name.first, name.last, name.kind, standing) for words, name in tagged]
    return tuple(_joined(article.text, found))


def _is_read(article: Article, words: Sequence[TraitedWord]) -> bool:
    return article.language_of(words[0].token.start) in PACKS


def _bare(
    text: str, words: Sequence[TraitedWord], first: int, last: int, kind: NameKind, standing: frozenset[str] | set[str]
) -> _Found:
    """Take off what is written on to the front or the end of a name."""
    span = span_of(words, first, last)
    written = span.slice(text)
    start, lead = _front(written, words[first].token.folded, kind, standing)
    end = len(written) - len(match.group()) if (match := _POSSESSIVE.search(written)) else len(written)
    name = lead + " ".join(written[start:end].split())
    folded = tuple(fold(word) for word in re.findall(r"[\w'’]+", name))
    return _Found(Span(span.start + start, span.start + end), kind, name, folded)


def _front(written: str, folded: str, kind: NameKind, standing: frozenset[str] | set[str]) -> tuple[int, str]:
    """Return how many letters stand before a name, and what it begins with in their place."""
    for pack in languages():
        if not pack.script.letters.match(written):
            continue
        if pack.script.has_case:
            elided = pack.orthography.elision.match(written)
            return (elided.end(), "") if elided and written[elided.end() :][:1].isupper() else (0, "")
        return _clitic(written, folded, kind, standing)
    return 0, ""


def _clitic(written: str, folded: str, kind: NameKind, standing: frozenset[str] | set[str]) -> tuple[int, str]:
    if match := _TO_THE.match(written):
        # "للدفاع" is of "الدفاع", of which the text has all but the article.
        return match.end() + 1, _ARTICLE
    joined = _JOINED.match(folded)
    for length in range(len(joined["join"]) if joined else 0, 0, -1):
        rest = folded[length:]
        # "بالمنستير" is of "المنستير", but "والتر" is a person's first name.
        has_article = rest.startswith(_ARTICLE) and len(rest) > _SHORTEST and kind is not NameKind.PERSON
        if has_article or rest in standing or next(known_places([rest]), None):
            return length, ""
    return 0, ""


def _joined(text: str, found: Sequence[_Found]) -> Iterator[NameMention]:
    """Give each mention the fullest name of its bearer."""
    acronyms = dict(_acronyms(text, found))
    plain = {one.folded: one.name for one in found if not _is_shouted(one.name)}
    fuller = _FullerNames(found)
    for one in found:
        full = fuller.of(one)
        name = acronyms.get(full.name, full.name)
        if _is_shouted(name):
            name = plain.get(
                one.folded, name.title() if len(name) >= _LEAST_SHOUTED and one.kind is NameKind.PLACE else name
            )
        yield NameMention(one.span.start, one.span.end, full.kind, name)


def _is_shouted(name: str) -> bool:
    return name.isupper() and any(letter.isalpha() for letter in name)


class _FullerNames:
    """The fuller names that an article has for the people it names, each form looked up once: it may name thousands."""

    def __init__(self, found: Sequence[_Found]) -> None:
        self._having: dict[tuple[str, ...], list[_Found]] = {}
        for one in found:
            if one.kind is NameKind.PERSON:
                self._having.setdefault(one.folded, []).append(one)
        self._ending: dict[str, list[tuple[str, ...]]] = {}
        self._beginning: dict[str, list[tuple[str, ...]]] = {}
        for form in self._having:
            if form:
                self._ending.setdefault(form[-1].removeprefix(_ARTICLE), []).append(form)
                self._beginning.setdefault(form[0], []).append(form)
        self._fuller: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
        self._longest: dict[tuple[str, ...], list[_Found]] = {}

    def of(self, one: _Found) -> _Found:
        """Return the fuller name of a person whose surname or first name a mention is: the nearest before, or after."""
        if one.kind is not NameKind.PERSON:
            return one
        if one.folded not in self._longest:
            self._longest[one.folded] = self._longest_of(one.folded)
        longest = self._longest[one.folded]
        if not longest:
            return one
        before = bisect_left(longest, one.span.start, key=lambda other: other.span.start)
        return replace(longest[max(0, before - 1)], span=one.span)

    def _longest_of(self, form: tuple[str, ...]) -> list[_Found]:
        """Return where the fuller forms of a name stand, in order, but for those of which another is fuller still."""
        fuller = self._fuller_than(form)
        every = set(fuller)
        longest = [one for one in fuller if every.isdisjoint(self._fuller_than(one))]
        return sorted((one for each in longest for one in self._having[each]), key=lambda one: one.span.start)

    def _fuller_than(self, form: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        if form not in self._fuller:
            ending = self._ending.get(form[-1].removeprefix(_ARTICLE), ()) if form else ()
            near = (*ending, *(self._beginning.get(form[0], ()) if len(form) == 1 else ()))
            self._fuller[form] = tuple(dict.fromkeys(other for other in near if _extends(other, form)))
        return self._fuller[form]


def _extends(full: tuple[str, ...], short: tuple[str, ...]) -> bool:
    """Tell whether a name is a fuller form of another: it ends in it, or is that first name and a surname."""
    if len(full) <= len(short):
        return False
    return _without_article(full[-len(short) :]) == _without_article(short) or (
        len(short) == 1 and full[0] == short[0] and len(full) == 2
    )


def _without_article(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.removeprefix(_ARTICLE) for word in words)


def _acronyms(text: str, found: Sequence[_Found]) -> Iterator[tuple[str, str]]:
    """Yield the acronyms of bodies, each with what it stands for: one of the two is in brackets behind the other."""
    for one, other in pairwise(found):
        between = text[one.span.end : other.span.start].strip()
        closed = text[other.span.end : other.span.end + 1] == ")"
        if NameKind.BODY in (one.kind, other.kind) and between == "(" and closed:
            for short, full in ((other, one), (one, other)):
                if _is_acronym(short.name) and not _is_acronym(full.name):
                    yield short.name, full.name


def _is_acronym(name: str) -> bool:
    letters = name.replace(".", "")
    return (
        _SHORTEST_ACRONYM <= len(letters) <= _LONGEST_ACRONYM
        and letters.isalpha()
        and sum(map(str.isupper, letters)) > 1
    )
