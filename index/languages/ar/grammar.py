"""What Arabic sentences and questions say."""

from collections.abc import Iterator, Sequence

from index.languages.ar import dateline, exonyms, follow_up, names, questions, quotation, stance
from index.languages.ar.figures import FIGURES
from index.languages.ar.lexicon import ORDERS, noun_of
from index.languages.grammar import Mention, Statement, Token
from index.languages.parts.grammar import PackGrammar
from index.text.normalisation import Span, fold


class ArabicGrammar(PackGrammar):
    """What Arabic sentences and questions say."""

    orders = ORDERS
    conjunctions = ("و",)

    def tokens(self, text: str, span: Span) -> tuple[Token, ...]:
        """Cut a span of the text into words and marks."""
        return names.tokens_in(text, span)

    def mentions(self, tokens: Sequence[Token], known: frozenset[str] = frozenset()) -> Iterator[Mention]:
        """Yield the people and bodies a sentence mentions."""
        return quotation.mentions_in(tokens, known)

    def statement(self, tokens: Sequence[Token], known: frozenset[str]) -> Statement | None:
        """Read what a sentence reports."""
        return quotation.statement_in(tokens, quotation.with_article(known))

    def bare(self, folded: str) -> str:
        """Return a folded word without its article."""
        return quotation.bare(folded)

    def is_definite(self, name: str) -> bool:
        """Tell whether a title or a body is named with the article."""
        return name.startswith("ال")

    def is_body(self, name: str) -> bool:
        """Tell whether who was quoted is an institution."""
        noun = noun_of(fold(name.split()[0]))
        return noun.institution and not noun.given_name


GRAMMAR = ArabicGrammar(
    datelines=dateline,
    claims=stance,
    figures=FIGURES,
    names=exonyms,
    questions=questions,
    follow_ups=follow_up,
)
