"""Whether a sentence is of somebody else who shares a name with whom a question names: two people called Karim."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from index.analysis import name_keys, question_language, words
from index.analysis.requests import request_of
from index.article import Article
from index.text.normalisation import Span, fold
from qa.attribution.attribution import people_in, speaker_of


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a name: as it is written, folded, and as it sounds."""

    folded: str
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class AskedPeople:
    """The words of a question in a language, held against the people whom articles name in full.

    With `is_for_speaker` it asks who says something, so that it names whom he speaks of.
    """

    language: str
    words: tuple[_Word, ...]
    is_for_speaker: bool = False

    @classmethod
    def of(cls, question: str) -> "AskedPeople":
        """Take the words of a question."""
        language = question_language(question)
        return cls(language, _words(question, language), request_of(question).asks_for_speaker)

    def among(self, article: Article) -> "Namesakes | None":
        """Hold them against whom an article names in full; None where that is none of those asked about."""
        people = {span: _words(span.slice(article.text), article.language) for span in people_in(article)}
        asked = {span: place for span, name in people.items() if (place := self._place(name, article)) is not None}
        if not asked or self.is_for_speaker:
            return None
        taken = {place + i for span, place in asked.items() for i in range(len(people[span]))}
        beside = [word for place, word in enumerate(self.words) if place not in taken]
        named = [word for place, word in enumerate(self.words) if place in taken]
        others = {span: name for span, name in people.items() if span not in asked}
        sharing = {
            span: [any(self._is_same(own, word, article) for word in named) for own in name]
            for span, name in others.items()
            if not any(self._is_same(own, word, article) for own in name for word in beside)
        }
        return Namesakes(
            article,
            asked=frozenset(asked),
            by_surname=frozenset(span for span, shared in sharing.items() if any(shared)),
            by_first_name=frozenset(span for span, shared in sharing.items() if any(shared[:-1])),
        )

    def _place(self, name: tuple[_Word, ...], article: Article) -> int | None:
        """Return where all words of a name stand in the question, in a row."""
        for place in range(len(self.words) - len(name) + 1):
            row = self.words[place : place + len(name)]
            if all(self._is_same(one, other, article) for one, other in zip(row, name, strict=True)):
                return place
        return None

    def _is_same(self, one: _Word, other: _Word, article: Article) -> bool:
        """Tell whether two words are the same: as they are written in one language, by their sound across two."""
        across = self.language != article.language
        return one.folded == other.folded or (across and not one.keys.isdisjoint(other.keys))


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Where an article names those asked about, and others who share a name with them, or another than the last."""

    article: Article
    asked: frozenset[Span]
    by_surname: frozenset[Span]
    by_first_name: frozenset[Span]

    def own(self, sentence: Span) -> bool:
        """Tell whether a sentence is said by a namesake, or names one.

        One who shares the surname may be family: he has to speak, while one who shares another name may be named. It is
        nobody else's where one who is asked about speaks or is named in it.
        """
        speaker = speaker_of(self.article, sentence)
        speaks = Span(speaker.start, speaker.end) if speaker else None
        if speaks in self.asked or _stand_in(sentence, self.asked):
            return False
        return speaks in self.by_surname or _stand_in(sentence, self.by_first_name)


def _stand_in(sentence: Span, names: Collection[Span]) -> bool:
    return any(sentence.start <= name.start < sentence.end for name in names)


def _words(text: str, language: str) -> tuple[_Word, ...]:
    return tuple(_each(text, language))


def _each(text: str, language: str) -> Iterator[_Word]:
    for word in words(text, language):
        # A question may be typed without capitals.
        keys = name_keys(word.text[:1].upper() + word.text[1:], language)
        yield _Word(fold(word.text), frozenset(keys))
