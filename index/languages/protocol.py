"""What a language pack implements: how its words are written (`Orthography`), what its sentences say (`Grammar`)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from index.languages.grammar import Context, KnownName, Mention, Request, Stance, Statement, Token, Toll
from index.languages.orthography import CreditWords, DateWords, NumberWords, OutletWords, TimeWords
from index.text.normalisation import Span
from index.text.scripts import Script


class Orthography(Protocol):
    """How a language is written: data for terms, sentences, dates, names and the fields of files."""

    @property
    def code(self) -> str:
        """The ISO 639-1 code, "und" for the neutral language."""
        ...

    @property
    def stop_words(self) -> frozenset[str]:
        """Folded words that say nothing about a text's matter."""
        ...

    @property
    def hints(self) -> re.Pattern[str]:
        """What in a text in small letters tells the language from others in its script, a word a match."""
        ...

    @property
    def abbreviations(self) -> frozenset[str]:
        """Abbreviations in small letters, without their last point, that end no sentence."""
        ...

    @property
    def open_abbreviations(self) -> frozenset[str]:
        """Those that end one before an opener: "etc"."""
        ...

    @property
    def openers(self) -> frozenset[str]:
        """Words, as written, that begin a sentence so often that they end one before them."""
        ...

    @property
    def dates(self) -> DateWords:
        """How days are written."""
        ...

    @property
    def numbers(self) -> NumberWords:
        """Numbers in words."""
        ...

    @property
    def not_names(self) -> frozenset[str]:
        """Folded words that are written as names are and are none, beside months and weekdays."""
        ...

    @property
    def names(self) -> frozenset[str]:
        """Words, as written, that are names although they fold to stop words."""
        ...

    @property
    def particles(self) -> frozenset[str]:
        """Words that are parts of the name after them: folded, or with the capital they have in names alone."""
        ...

    @property
    def elision(self) -> re.Pattern[str]:
        """A small word that is written on to the front of another, as in "l'Iran"."""
        ...

    @property
    def demonym(self) -> re.Pattern[str]:
        """The end of a word for who is from a place; its groups are ends to take off for the name of the place."""
        ...

    @property
    def credits(self) -> CreditWords:
        """The words of bylines."""
        ...

    @property
    def times(self) -> TimeWords:
        """The words that bound a time in a question."""
        ...

    @property
    def outlets(self) -> OutletWords:
        """The words around an outlet's name in a question."""
        ...

    @property
    def field_aliases(self) -> Mapping[str, tuple[str, ...]]:
        """Names that files in this language give an article's fields, by field."""
        ...

    @property
    def question_columns(self) -> Mapping[str, tuple[str, ...]]:
        """Names that tables of questions in this language give their columns, by what these hold.

        That is the question, or what it is asked of: language, source, category, after, before.
        """
        ...

    @property
    def language_names(self) -> Mapping[str, str]:
        """Folded names of languages with their codes, beside those of CLDR."""
        ...

    def stems(self, folded: str) -> tuple[str, ...]:
        """Return the terms that a folded word is found by, likeliest first; at least one."""
        ...

    def bases(self, folded: str) -> tuple[str, ...]:
        """Return what a folded word may be without conjunction, preposition and article, likeliest first."""
        ...

    def name_bases(self, word: str) -> tuple[str, ...]:
        """Return what of a word, as it is written, may be a name, likeliest first."""
        ...


class Datelines(Protocol):
    """The dateline a report begins with."""

    def dateline(self, sentence: str) -> int:
        """Return how many characters of a sentence are the dateline it begins with, 0 without one."""
        ...


class Stances(Protocol):
    """What a sentence does with a claim."""

    def stances(self, sentence: str) -> frozenset[Stance]:
        """Return the stances a sentence expresses by its reporting verbs, and `DENIED` when it negates a claim."""
        ...

    def reports(self, text: str) -> bool:
        """Tell whether a stretch of a sentence has a reporting verb."""
        ...

    def refuses(self, sentence: str, stance: Stance) -> bool:
        """Tell whether a sentence says only that somebody did not do what a stance's verbs mean."""
        ...

    def takes_back(self, sentence: str) -> bool:
        """Tell whether a sentence says of what stands before it that it is not so: "That is false"."""
        ...

    def is_negated(self, sentence: str) -> bool:
        """Tell whether a sentence denies or negates something: an odd number of negations."""
        ...


class Figures(Protocol):
    """What figures count and measure."""

    def toll(self, folded: str) -> Toll | None:
        """Return whom a figure beside a folded word counts, None for other words."""
        ...

    def reaches(self, folded: str) -> bool:
        """Tell whether a folded stretch of a sentence ends where a toll comes to a figure: "the toll rose to"."""
        ...

    def measure(self, folded: str) -> str:
        """Return what the figure beside folded words measures ("length", "money", …), "" where it counts."""
        ...


class KnownNames(Protocol):
    """Names that languages do not spell alike."""

    def known_names(self, text: str) -> Iterable[KnownName]:
        """Return the names in a text that this language does not spell as others do, in any order."""
        ...


class Questions(Protocol):
    """What a question asks for."""

    def request(self, question: str) -> Request:
        """Return what a question asks for."""
        ...


class FollowUps(Protocol):
    """What shows that a question hangs on the turns before, and what it is about."""

    def follow_up(self, question: str, context: Context) -> str | None:
        """Return a follow-up question made to stand alone, None where it does already."""
        ...

    def topic(self, question: str) -> str:
        """Return the things a question names."""
        ...

    def matter(self, question: str) -> str:
        """Return what a question says beside its question words."""
        ...

    def without_joint(self, question: str) -> str:
        """Return a question without the "and" that it begins with."""
        ...

    def asking_on(self, question: str) -> str:
        """Return a question with an "and" before it, as one that hangs on another is asked."""
        ...


class Grammar(Datelines, Stances, Figures, KnownNames, Questions, FollowUps, Protocol):
    """What sentences and questions of a language say: these parts of it, and who speaks."""

    def tokens(self, text: str, span: Span) -> tuple[Token, ...]:
        """Cut a span of the text into words and marks, as `mentions` and `statement` read them."""
        ...

    def mentions(self, tokens: Sequence[Token], known: frozenset[str] = frozenset()) -> Iterator[Mention]:
        """Yield the people and bodies a sentence mentions; `known` holds surnames of the article, as `bare` gives them."""
        ...

    def statement(self, tokens: Sequence[Token], known: frozenset[str]) -> Statement | None:
        """Read what a sentence reports, None for nothing; `known` as for `mentions`."""
        ...

    def bare(self, folded: str) -> str:
        """Return a folded word without the article that is written on to it."""
        ...

    @property
    def articles(self) -> frozenset[str]:
        """Folded articles that stand before a noun as words of their own."""
        ...

    def is_definite(self, name: str) -> bool:
        """Tell whether a title or a body is named with the definite article, as one that was named before."""
        ...

    def is_body(self, name: str) -> bool:
        """Tell whether who was quoted is an institution, which is no "he" or "she"."""
        ...

    def is_called(self, body: Sequence[str], head: str) -> bool:
        """Tell whether an institution, in folded words, goes by one of them: "the embassy" of "embassy in Baghdad"."""
        ...

    @property
    def conjunctions(self) -> tuple[str, ...]:
        """Folded conjunctions that are written on to the word after them."""
        ...

    @property
    def orders(self) -> re.Pattern[str]:
        """What speaks to a language model rather than to a reader, in normalised text."""
        ...

    def asked_for(self, question: str) -> str | None:
        """Return whom a question asks for by a title: "the French lawyer" of "which French lawyer spoke"."""
        ...


class Language(Protocol):
    """A language that Khabar knows, or the neutral one in place of any other.

    The phrases that people read in it lie beside it in `messages.po`.
    """

    @property
    def code(self) -> str:
        """The ISO 639-1 code, "und" for the neutral language."""
        ...

    @property
    def script(self) -> Script:
        """The script it is written in."""
        ...

    @property
    def orthography(self) -> Orthography:
        """How its words are written."""
        ...

    @property
    def grammar(self) -> Grammar:
        """What its sentences say."""
        ...
