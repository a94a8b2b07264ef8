"""What holds of every language, and of what a pack leaves out: no attribution, no stance, follow-ups left alone."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from index.languages.grammar import Context, KnownName, Mention, Request, Stance, Statement, Token, Toll
from index.languages.orthography import CreditWords, DateWords, NumberWords, OutletWords, TimeWords
from index.languages.parts.stemming import stem
from index.languages.parts.tokens import tokenise
from index.languages.protocol import Grammar, Orthography
from index.text.normalisation import Span, word_set
from index.text.scripts import ANY, Script

_NEVER = re.compile(r"(?!)")
# Marks of a prompt's own frame.
_ORDERS = re.compile(
    r"^\s*\[\d{1,3}\]\s*\(|<\|?/?(?:system|im_start|im_end|assistant|user|inst|endoftext)|\[/?inst\]|<<sys>>"
)
# Signs and symbols of measures that all languages share.
_MEASURES = {
    "length": re.compile(r"\bkm\b"),
    "share": re.compile("%|٪"),
    "weight": re.compile(r"\bkg\b"),
    "money": re.compile("[$€£]"),
}


_DATES = DateWords(of=("de",), year=("de",))
_NUMBERS = NumberWords(spaced=True)
# Abbreviations of German, Spanish and others, and those that many languages share.
_ABBREVIATIONS = word_set(
    "dr prof st sr jr mme mlle vs etc inc ltd co corp no nos vol fig approx al cf ca jan feb mar apr jun jul aug sep sept "
    "oct nov dec bzw usw z.b d.h nr bd str sig sra dña ud uds ee.uu tel"
)


@dataclass(frozen=True, slots=True)
class NeutralOrthography:
    """A language of which few words are known: words are stemmed by Snowball where it has the language of the code."""

    code: str = "und"
    stop_words: frozenset[str] = frozenset()
    hints: re.Pattern[str] = _NEVER
    abbreviations: frozenset[str] = _ABBREVIATIONS
    open_abbreviations: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    dates: DateWords = field(default_factory=lambda: _DATES)
    numbers: NumberWords = field(default_factory=lambda: _NUMBERS)
    not_names: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    particles: frozenset[str] = frozenset()
    elision: re.Pattern[str] = _NEVER
    demonym: re.Pattern[str] = _NEVER
    credits: CreditWords = field(default_factory=CreditWords)
    times: TimeWords = field(default_factory=TimeWords)
    outlets: OutletWords = field(default_factory=OutletWords)
    field_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    question_columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    language_names: Mapping[str, str] = field(default_factory=dict)

    def stems(self, folded: str) -> tuple[str, ...]:
        """Return the word's stem, or the word itself where Snowball does not know the language."""
        return (stem(self.code, folded),)

    def bases(self, folded: str) -> tuple[str, ...]:
        """Return the word itself."""
        return (folded,)

    def name_bases(self, word: str) -> tuple[str, ...]:
        """Return the word itself."""
        return (word,)


class NeutralGrammar:
    """A language whose sentences say nothing that can be told: each answer is none."""

    orders: re.Pattern[str] = _ORDERS
    articles: frozenset[str] = frozenset()
    conjunctions: tuple[str, ...] = ()

    def tokens(self, text: str, span: Span) -> tuple[Token, ...]:
        """Cut a span of the text into words and marks."""
        return tokenise(text, span)

    def dateline(self, sentence: str) -> int:
        """Return 0."""
        return 0

    def mentions(self, tokens: Sequence[Token], known: frozenset[str] = frozenset()) -> Iterator[Mention]:
        """Yield nobody."""
        return iter(())

    def statement(self, tokens: Sequence[Token], known: frozenset[str]) -> Statement | None:
        """Return None."""
        return None

    def bare(self, folded: str) -> str:
        """Return the word as it is."""
        return folded

    def is_definite(self, name: str) -> bool:
        """Return False."""
        return False

    def is_body(self, name: str) -> bool:
        """Return False."""
        return False

    def is_called(self, body: Sequence[str], head: str) -> bool:
        """Return False."""
        return False

    def stances(self, sentence: str) -> frozenset[Stance]:
        """Return none."""
        return frozenset()

    def reports(self, text: str) -> bool:
        """Return False."""
        return False

    def refuses(self, sentence: str, stance: Stance) -> bool:
        """Return False."""
        return False

    def takes_back(self, sentence: str) -> bool:
        """Tell of no sentence that it takes back what stands before it."""
        return False

    def is_negated(self, sentence: str) -> bool:
        """Return False."""
        return False

    def toll(self, folded: str) -> Toll | None:
        """Return None."""
        return None

    def reaches(self, folded: str) -> bool:
        """Return False."""
        return False

    def measure(self, folded: str) -> str:
        """Return what a sign beside the figure tells: per cent, money, kilometres, kilograms."""
        return next((name for name, signs in _MEASURES.items() if signs.search(folded)), "")

    def known_names(self, text: str) -> Iterable[KnownName]:
        """Return none."""
        return ()

    def request(self, question: str) -> Request:
        """Return the request for a fact."""
        return Request()

    def follow_up(self, question: str, context: Context) -> str | None:
        """Return None."""
        return None

    def topic(self, question: str) -> str:
        """Return the question."""
        return question

    def matter(self, question: str) -> str:
        """Return the question."""
        return question

    def without_joint(self, question: str) -> str:
        """Return the question."""
        return question

    def asking_on(self, question: str) -> str:
        """Return the question."""
        return question

    def asked_for(self, question: str) -> str | None:
        """Return None."""
        return None


@dataclass(frozen=True, slots=True)
class Pack:
    """A language by its parts; what is left out is neutral.

    `home` is the module that holds its grammar as `GRAMMAR`: what sentences say takes longer to load than how words are
    written, and most languages of a library are not asked in.
    """

    code: str
    script: Script = ANY
    orthography: Orthography = field(default_factory=NeutralOrthography)
    home: str = ""

    @property
    def grammar(self) -> Grammar:
        """What its sentences say."""
        return _grammar_in(self.home)


@cache
def _grammar_in(home: str) -> Grammar:
    if not home:
        return NeutralGrammar()
    grammar: Grammar = import_module(home).GRAMMAR
    return grammar


NEUTRAL = Pack("und")


def neutral(code: str) -> Pack:
    """Return the pack of a language that has none of its own: its stemmer of Snowball and its names of CLDR, if any."""
    return NEUTRAL if code == NEUTRAL.code else Pack(code, orthography=NeutralOrthography(code))
