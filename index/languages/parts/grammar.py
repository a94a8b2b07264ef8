"""A grammar made of its parts, for a pack to say what is its own."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.languages.grammar import Context, KnownName, Request, Stance, Toll
from index.languages.neutral import NeutralGrammar
from index.languages.protocol import Datelines, Figures, FollowUps, KnownNames, Questions, Stances

_NEUTRAL = NeutralGrammar()


@dataclass(frozen=True)
class PackGrammar(NeutralGrammar):
    """What sentences of a language say, part by part; a module is a part, and what is left out is neutral.

    How sentences mention people and report what they say is for each pack to add.
    """

    datelines: Datelines = _NEUTRAL
    claims: Stances = _NEUTRAL
    figures: Figures = _NEUTRAL
    names: KnownNames = _NEUTRAL
    questions: Questions = _NEUTRAL
    follow_ups: FollowUps = _NEUTRAL

    def dateline(self, sentence: str) -> int:
        """Return how many characters of a sentence are its dateline."""
        return self.datelines.dateline(sentence)

    def stances(self, sentence: str) -> frozenset[Stance]:
        """Return the stances a sentence expresses."""
        return self.claims.stances(sentence)

    def reports(self, text: str) -> bool:
        """Tell whether a stretch of a sentence has a reporting verb."""
        return self.claims.reports(text)

    def refuses(self, sentence: str, stance: Stance) -> bool:
        """Tell whether a sentence says only that somebody did not do what a stance's verbs mean."""
        return self.claims.refuses(sentence, stance)

    def takes_back(self, sentence: str) -> bool:
        """Tell whether a sentence says of what stands before it that it is not so."""
        return self.claims.takes_back(sentence)

    def is_negated(self, sentence: str) -> bool:
        """Tell whether a sentence denies or negates something."""
        return self.claims.is_negated(sentence)

    def toll(self, folded: str) -> Toll | None:
        """Return whom a figure beside a folded word counts."""
        return self.figures.toll(folded)

    def reaches(self, folded: str) -> bool:
        """Tell whether a folded stretch ends where a toll comes to a figure."""
        return self.figures.reaches(folded)

    def measure(self, folded: str) -> str:
        """Return what the figure beside folded words measures."""
        return self.figures.measure(folded)

    def known_names(self, text: str) -> Iterable[KnownName]:
        """Return the names that other languages spell otherwise."""
        return self.names.known_names(text)

    def request(self, question: str) -> Request:
        """Return what a question asks for."""
        return self.questions.request(question)

    def follow_up(self, question: str, context: Context) -> str | None:
        """Return a follow-up question made to stand alone."""
        return self.follow_ups.follow_up(question, context)

    def topic(self, question: str) -> str:
        """Return the things a question names."""
        return self.follow_ups.topic(question)

    def matter(self, question: str) -> str:
        """Return what a question says beside its question words."""
        return self.follow_ups.matter(question)

    def without_joint(self, question: str) -> str:
        """Return a question without the "and" that it begins with."""
        return self.follow_ups.without_joint(question)

    def asking_on(self, question: str) -> str:
        """Return a question with an "and" before it."""
        return self.follow_ups.asking_on(question)
