"""What English sentences and questions say."""

from collections.abc import Iterator, Sequence

from index.languages.en import dateline, exonyms, follow_up, mentions, questions, quotation, stance
from index.languages.en.figures import FIGURES
from index.languages.en.lexicon import ORDERS, is_institution
from index.languages.grammar import Mention, Statement, Token
from index.languages.parts.grammar import PackGrammar
from index.text.normalisation import Span, fold


class EnglishGrammar(PackGrammar):
    """What English sentences and questions say."""

    orders = ORDERS
    articles = frozenset({"the"})

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
        """Tell whether a title or a body is named with "the"."""
        return name.startswith(("the ", "The "))

    def is_body(self, name: str) -> bool:
        """Tell whether who was quoted is an institution."""
        return is_institution(fold(name.split()[-1]))

    def is_called(self, body: Sequence[str], head: str) -> bool:
        """Tell whether an institution goes by one word: "the embassy" of "Norvian embassy in Baghdad"."""
        if len(body) < 2 or head not in body or tuple(body) == ("the", head):
            return False
        after = body[body.index(head) + 1 :]
        return not after or after[0] in ("in", "of", "for", "at")

    def asked_for(self, question: str) -> str | None:
        """Return whom a question asks for by a title."""
        return follow_up.asked_for(question)


GRAMMAR = EnglishGrammar(
    datelines=dateline,
    claims=stance,
    figures=FIGURES,
    names=exonyms,
    questions=questions,
    follow_ups=follow_up,
)
