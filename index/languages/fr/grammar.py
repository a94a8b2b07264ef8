"""What French sentences and questions say."""

from collections.abc import Iterator, Sequence

from index.languages.fr import dateline, exonyms, follow_up, mentions, questions, quotation, stance
from index.languages.fr.figures import FIGURES
from index.languages.fr.lexicon import DETERMINERS, ORDERS, is_institution, is_title
from index.languages.grammar import Mention, Statement, Token
from index.languages.parts.grammar import PackGrammar
from index.text.normalisation import Span


class FrenchGrammar(PackGrammar):
    """What French sentences and questions say."""

    orders = ORDERS
    articles = frozenset({"le", "la", "l", "les"})

    def tokens(self, text: str, span: Span) -> tuple[Token, ...]:
        """Cut a span of the text into words and marks."""
        return mentions.tokens_in(text, span)

    def mentions(self, tokens: Sequence[Token], known: frozenset[str] = frozenset()) -> Iterator[Mention]:
        """Yield the people a sentence names in full, and its bodies."""
        return mentions.mentions_in(tokens)

    def statement(self, tokens: Sequence[Token], known: frozenset[str]) -> Statement | None:
        """Read what a sentence reports."""
        return quotation.statement_in(tokens)

    def is_definite(self, name: str) -> bool:
        """Tell whether a title or a body is named with the definite article."""
        return name.lower().startswith(("le ", "la ", "les ", "l'", "l’"))

    def is_body(self, name: str) -> bool:
        """Tell whether who was quoted is an institution."""
        words = [word for word in name.lower().replace("’", "'").removeprefix("l'").split() if word not in DETERMINERS]
        return bool(words) and is_institution(words[0]) and not is_title(words[0])

    def is_called(self, body: Sequence[str], head: str) -> bool:
        """Tell whether an institution goes by one word: "l'ambassade" of "l'ambassade de Norvie"."""
        kept = [word for word in body if word not in self.articles]
        return len(kept) > 1 and kept[0] == head

    def asked_for(self, question: str) -> str | None:
        """Return whom a question asks for by a title."""
        return follow_up.asked_for(question)


GRAMMAR = FrenchGrammar(
    datelines=dateline,
    claims=stance,
    figures=FIGURES,
    names=exonyms,
    questions=questions,
    follow_ups=follow_up,
)
