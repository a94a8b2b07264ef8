"""Which words of a question met which words of a quote, across languages: help for a reader, and no evidence."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.analysis import Span, name_keys, question_language
from index.analysis.terms import is_stopword
from index.encoding.encoder import Encoder, TokenPlaces
from index.text.scripts import script_of

# The Arabic article, which is written as one with its word.
_AL = "ال"
_WORD = re.compile(r"\w[\w\u064b-\u065f'’]*")
# A pair is shown when the words are this near in the encoder's token space; names by their keys always are. Looked at
# on the samples: translations lie above, words that only keep company below.
_NEAR = 0.52
_MOST = 6


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the question and the word of the quote that it met, as character ranges of the two texts.

    `is_name` says that they are one name in two spellings; otherwise they are near in meaning, by `score`.
    """

    asked: Span
    met: Span
    score: float
    is_name: bool


def matches(encoder: Encoder, question: str, quote: str) -> tuple[Match, ...]:
    """Pair the words of a question with the words of a quote that they met, in the question's order.

    Each word is in one pair at most; function words are in none.
    """
    asked, met = _words(question), _words(quote)
    if not asked or not met:
        return ()
    pairs = [*_names(question, asked, quote, met), *_near(encoder, question, asked, quote, met)]
    taken: list[Match] = []
    for pair in sorted(pairs, key=lambda pair: (not pair.is_name, -pair.score)):
        if all(pair.asked != other.asked and pair.met != other.met for other in taken):
            taken.append(pair)
    return tuple(sorted(taken[:_MOST], key=lambda pair: pair.asked.start))


def latin(name: str) -> str:
    """Write a name in Latin letters, as it is spelt: Arabic that is written without its vowels stays without them."""
    return " ".join(f"{'al-' if word[:2] == _AL else ''}{_capital(word.removeprefix(_AL))}" for word in name.split())


def _capital(word: str) -> str:
    letters = script_of(word).in_latin(word)
    return letters[:1].upper() + letters[1:]


def _words(text: str) -> list[Span]:
    language = question_language(text)
    words = (word for word in _WORD.finditer(text) if len(word[0]) > 1 and not is_stopword(word[0], language))
    return [Span(*word.span()) for word in words]


def _names(question: str, asked: list[Span], quote: str, met: list[Span]) -> list[Match]:
    there, here = question_language(quote), question_language(question)
    keys = [(word, set(name_keys(quote[word.start : word.end], there))) for word in met]
    found = []
    for word in asked:
        own = set(name_keys(question[word.start : word.end], here))
        found += [Match(word, other, 1.0, True) for other, theirs in keys if own & theirs]
    return found


def _near(encoder: Encoder, question: str, asked: list[Span], quote: str, met: list[Span]) -> list[Match]:
    (questioned, quoted) = encoder.encode_passages([question, quote])
    (there, here) = encoder.locate_tokens([question, quote])
    cosines = questioned.tokens.vectors @ quoted.tokens.vectors.T
    rows, columns = [_tokens(there, word) for word in asked], [_tokens(here, word) for word in met]
    found = []
    for word, row in zip(asked, rows, strict=True):
        for other, column in zip(met, columns, strict=True):
            score = _score(cosines[row][:, column])
            if score >= _NEAR:
                found.append(Match(word, other, score, False))
    return found


def _tokens(places: TokenPlaces, word: Span) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (places.ends > word.start) & (places.starts < word.end)
    return inside


def _score(cosines: NDArray[np.float32]) -> float:
    """Return the mean over a word's tokens of their best cosine."""
    return float(cosines.max(axis=1).mean()) if cosines.size else -1.0
