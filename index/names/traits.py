"""What tells that a word is part of a name: its letters, its neighbours, how it is written, what is known of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from index.analysis import language_within
from index.article import Article
from index.languages import Language, language, readers
from index.languages.grammar import Token
from index.languages.parts.exonyms import known_in
from index.languages.parts.tokens import CLOSING, OPENING
from index.names.places import known_places
from index.text.normalisation import Span
from index.text.scripts import script_of

# Where a word stands beside the one that is looked at.
SLOTS = (-2, -1, 0, 1, 2)
# So far away only the whole word tells.
_FAR = 2
# How many letters of its ends tell of a word, and of those beside it; and how many of its bases.
_AFFIXES, _AFFIXES_BESIDE, _MOST_BASES = (1, 2, 3, 4), (3,), 8
# What a word at the edge of a sentence has beside it.
_EDGE = "\x00"


class WordPlace(NamedTuple):
    """What is known of a word's place, of which there are few: many words have the same.

    The shapes of the word before, of itself and of the one after; the language; what tables and grammar know of these
    three; what marks enclose it; what its letters are elsewhere, where they tell, and whether it is of a dateline.
    """

    before: str
    shape: str
    after: str
    language: str
    known: tuple[str, str, str]
    said: tuple[str, str, str]
    inside: str
    elsewhere: str
    is_dateline: bool


@dataclass(frozen=True, slots=True)
class TraitedWord:
    """A word or mark of a sentence, and what it is known by there.

    `place` is what is known of its place, `pairs` are keys of it with its neighbours. `is_small` is whether it has no
    capital, in a script that has them, or is a number.
    """

    token: Token
    place: WordPlace
    pairs: tuple[str, str, str]
    is_small: bool

    @property
    def traits(self) -> tuple[str, ...]:
        """All that it is known by there, as keys that are the same in all languages."""
        return (*place_traits(self.place), *self.pairs)


@dataclass(frozen=True, slots=True)
class _Cases:
    """The folded words that an article writes in small letters, and those with a capital within a sentence."""

    small: frozenset[str]
    capital: frozenset[str]


def sentences_of(article: Article) -> Iterator[tuple[TraitedWord, ...]]:
    """Yield the words of each sentence of an article, in order."""
    read: list[tuple[Language, tuple[Token, ...]]] = []
    for span in article.sentences:
        written = span.slice(article.text)
        pack = language_within(written, language(article.language_of(span.start)))
        read.append((pack, pack.grammar.tokens(article.text, span)))
    cases = _cases(article.text, [tokens for _, tokens in read])
    for (pack, tokens), span in zip(read, article.sentences, strict=True):
        opened = span.start + pack.grammar.dateline(span.slice(article.text))
        yield _described(article.text, pack, tokens, cases, opened)


def place_traits(place: WordPlace) -> tuple[str, ...]:
    """Return what a word is known by because of its place."""
    return (
        "bias",
        f"h{place.before}{place.shape}{place.after}",
        f"l{place.language}{place.shape}",
        *(f"{slot}k{known}" for slot, known in zip((-1, 0, 1), place.known, strict=True)),
        *(f"{slot}m{said}" for slot, said in zip((-1, 0, 1), place.said, strict=True)),
        f"q{place.inside}{place.shape}",
        *([f"d{place.shape}{place.after}"] if place.is_dateline else []),
        *([f"e{place.elsewhere}"] if place.elsewhere else []),
    )


def word_traits(folded: str, slot: int) -> tuple[str, ...]:
    """Return what a word is known by wherever it stands, as seen from `slot` words before it."""
    if abs(slot) == _FAR:
        return (f"{slot}w{folded}",)
    shortest = _AFFIXES if slot == 0 else _AFFIXES_BESIDE
    ends = [f"{slot}s{folded[-length:]}" for length in shortest if len(folded) >= length]
    begins = [f"{slot}p{folded[:length]}" for length in shortest if len(folded) >= length]
    return (f"{slot}w{folded}", *ends, *begins, *(f"{slot}b{base}" for base in _bases(folded)))


def most_traits(slot: int) -> int:
    """Return how many `word_traits` there are at most."""
    if abs(slot) == _FAR:
        return 1
    return 1 + 2 * len(_AFFIXES if slot == 0 else _AFFIXES_BESIDE) + _MOST_BASES


@lru_cache(maxsize=64)
def _bases(folded: str) -> tuple[str, ...]:
    """Return what a word may be without what is written on to it, in a script without capitals."""
    script = script_of(folded)
    if script.has_case:
        return ()
    found = dict.fromkeys(base for own in readers(script, "und") for base in own.bases(folded))
    return tuple(found)[:_MOST_BASES]


def _described(
    text: str, pack: Language, tokens: Sequence[Token], cases: _Cases, opened: int
) -> tuple[TraitedWord, ...]:
    """Describe the words of a sentence, whose dateline ends where it is `opened`."""
    known, said = _beside(_known(text, tokens), len(tokens)), _beside(_said(pack, tokens), len(tokens))
    shapes = [_EDGE, *(_shape(text, token) for token in tokens), _EDGE]
    written = [_EDGE, *(token.folded for token in tokens), _EDGE]
    inside = _inside(text, tokens)
    found = []
    for at, token in enumerate(tokens):
        before, shape, after = shapes[at : at + 3]
        left, own, right = written[at : at + 3]
        elsewhere = ""
        if pack.script.has_case and shape in "cC":
            elsewhere = f"{at == 0:d}{own in cases.small:d}{own in cases.capital:d}"
        place = WordPlace(
            before, shape, after, pack.code, known[at], said[at], inside[at], elsewhere, token.start < opened,
        )  # fmt: skip
        pairs = f"lb{left}|{own}", f"rb{own}|{right}", f"sh{left}{shape}"
        found.append(TraitedWord(token, place, pairs, shape in ("x", "d")))
    return tuple(found)


def _beside(known: Mapping[int, str], count: int) -> list[tuple[str, str, str]]:
    """Return for each of so many words what is known of the one before it, of itself and of the one after."""
    each = [known.get(at, "") for at in range(-1, count + 1)]
    return list(zip(each, each[1:], each[2:], strict=False))


def _cases(text: str, sentences: Sequence[Sequence[Token]]) -> _Cases:
    small, capital = set(), set()
    for tokens in sentences:
        for at, token in enumerate(tokens):
            if text[token.start].islower():
                small.add(token.folded)
            elif at and text[token.start].isupper():
                capital.add(token.folded)
    return _Cases(frozenset(small), frozenset(capital))


def _shape(text: str, token: Token) -> str:
    if not token.is_word:
        return token.folded[:1]
    written = text[token.start : token.end]
    if written[0].isdecimal():
        return "d"
    if not written[0].isupper():
        return "x" if written[0].islower() else "a"
    return "C" if len(written) > 1 and written.isupper() else "c"


def _known(text: str, tokens: Sequence[Token]) -> dict[int, str]:
    """Tell what is known of tokens from tables: a place of CLDR's, or a name that languages spell differently."""
    found: dict[int, str] = {}
    if not tokens:
        return found
    start, end = tokens[0].start, tokens[-1].end
    for name in known_in(text[start:end]):
        for at, token in enumerate(tokens):
            if name.span.start <= token.start - start < name.span.end:
                whole = token.end - start <= name.span.end
                found[at] = f"x{name.is_certain and whole:d}"
    words = [token.folded.removesuffix("'s") for token in tokens]
    for place in known_places(words):
        for at in range(place.first, place.last):
            found[at] = f"{found.get(at, '')}p{place.last - place.first > 1:d}"
    return found


def _said(pack: Language, tokens: Sequence[Token]) -> dict[int, str]:
    """Tell what the language's grammar takes tokens for: a name or a title of somebody who is mentioned."""
    found: dict[int, str] = {}
    for mention in pack.grammar.mentions(tokens):
        for span, kind in ((mention.role, "r"), (mention.name, str(mention.kind)[:1])):
            for at, token in enumerate(tokens):
                if span is not None and span.start <= token.start < span.end:
                    found[at] = kind + ("b" if token.start == span.start else "i")
    return found


def _inside(text: str, tokens: Sequence[Token]) -> list[str]:
    """Tell of each token how many words the quotation marks enclose that it stands in: "0" where it stands in none."""
    found = ["0"] * len(tokens)
    opened: int | None = None
    for at, token in enumerate(tokens):
        mark = text[token.start : token.end]
        if opened is not None and mark in CLOSING:
            for inner in range(opened + 1, at):
                found[inner] = "s" if at - opened <= 5 else "l"
            opened = None
        elif mark in OPENING or mark == "(":
            opened = at
    return found


def span_of(words: Sequence[TraitedWord], first: int, last: int) -> Span:
    """Return where words stand in their article."""
    return Span(words[first].token.start, words[last - 1].token.end)
