"""What a question asks for, and whether a sentence or an answer can be it."""

from dataclasses import dataclass

from index.analysis import language_within, question_language
from index.analysis.requests import request_of
from index.article import Article
from index.languages import language
from index.languages.grammar import Request, Stance, Toll
from index.text.normalisation import Span
from qa.attribution.attribution import speaker_of
from qa.reading.asked_names import has_any
from qa.reading.casualties import tells_of


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a question asks for, in a language: a speaker by what was done with a claim, a count of people hit."""

    request: Request
    language: str

    @classmethod
    def by(cls, question: str) -> "Constraints":
        """Take them from a question's words."""
        return cls(request_of(question), question_language(question))

    @property
    def toll(self) -> Toll | None:
        """Whom the question asks to count."""
        return self.request.toll

    def is_refused(self, sentence: str, code: str) -> bool:
        """Tell whether a sentence of an article in a language says only that what is asked about was not done."""
        stance = self.request.stance
        if stance is None or self.request.is_negated:
            return False
        return language_within(sentence, language(code)).grammar.refuses(sentence, stance)

    def denial(self, article: Article, sentence: Span) -> float:
        """Return how far a sentence is the denial asked for: 1 where its speaker denies, 0.5 where it negates."""
        if self.request.stance is not Stance.DENIED or self.request.is_negated:
            return 0.0
        said = sentence.slice(article.text)
        if Stance.DENIED not in language_within(said, language(article.language_of(sentence.start))).grammar.stances(
            said
        ):
            return 0.0
        speaker = speaker_of(article, sentence)
        return 1.0 if speaker is not None and speaker.kind == Stance.DENIED else 0.5

    def tells_of_them(self, sentence: str, code: str) -> bool:
        """Tell whether a sentence of an article in a language tells of those whose count is asked for."""
        return self.toll is None or tells_of(sentence, self.toll, code)

    def is_named_in(self, article: Article) -> bool:
        """Tell whether an article in the question's language has any of the names asked about; no other can tell."""
        names = self.request.names
        return not names or self.language not in article.languages or has_any(names, article.title, article.text)
