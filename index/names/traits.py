"""What tells that a word is part of a name: its letters, its neighbours, how it is written, what is known of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

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
_LONGEST_AFFIX = 4
# What a word at the edge of a sentence has beside it.
_EDGE = "\x00"


@dataclass(frozen=True, slots=True)
class TraitedWord:
    """A word or mark of a sentence, and what it is known by there: `traits` are keys, the same in all languages.

    `is_small` is whether it has no capital, in a script that has them, or is a number.
    """

    token: Token
    traits: tuple[str, ...]
    is_small: bool


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


@lru_cache(maxsize=1 << 16)
def word_traits(folded: str, slot: int) -> tuple[str, ...]:
    """Return what a word is known by wherever it stands, as seen from `slot` words before it."""
    if slot in (-2, 2):
        return (f"{slot}w{folded}",)
    shortest = (1, 2, 3, _LONGEST_AFFIX) if slot == 0 else (3,)
    ends = [f"{slot}s{folded[-length:]}" for length in shortest if len(folded) >= length]
    begins = [f"{slot}p{folded[:length]}" for length in shortest if len(folded) >= length]
    script = script_of(folded)
    bases = {base for own in readers(script, "und") for base in own.bases(folded)} if not script.has_case else set()
    return (f"{slot}w{folded}", *ends, *begins, *(f"{slot}b{base}" for base in bases))


def _described(
    text: str, pack: Language, tokens: Sequence[Token], cases: _Cases, opened: int
) -> tuple[TraitedWord, ...]:
    """Describe the words of a sentence, whose dateline ends where it is `opened`."""
    known = _known(text, tokens)
    said = _said(pack, tokens)
    shapes = [_shape(text, token) for token in tokens]
    inside = _inside(text, tokens)
    found = []
    for at, token in enumerate(tokens):
        before, after = (shapes[at - 1] if at else _EDGE), (shapes[at + 1] if at + 1 < len(tokens) else _EDGE)
        shape = shapes[at]
        own = [
            "bias",
            f"h{before}{shape}{after}",
            f"l{pack.code}{shape}",
            *(f"{slot}k{known.get(at + slot, '')}" for slot in (-1, 0, 1)),
            *(f"{slot}m{said.get(at + slot, '')}" for slot in (-1, 0, 1)),
            f"q{inside[at]}{shape}",
        ]
        if token.start < opened:
            own.append(f"d{shape}{after}")
        if pack.script.has_case and shape in "cC":
            elsewhere = f"{token.folded in cases.small:d}{token.folded in cases.capital:d}"
            own.append(f"e{at == 0:d}{elsewhere}")
        left = tokens[at - 1].folded if at else _EDGE
        right = tokens[at + 1].folded if at + 1 < len(tokens) else _EDGE
        own += [f"lb{left}|{token.folded}", f"rb{token.folded}|{right}", f"sh{left}{shape}"]
        found.append(TraitedWord(token, tuple(own), shape in ("x", "d")))
    return tuple(found)


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
