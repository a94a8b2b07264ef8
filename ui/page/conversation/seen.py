"""Answers that were given to somebody else, or earlier: what of them whoever looks now may see."""

from dataclasses import replace
from typing import TYPE_CHECKING

from qa.answer import Answer

if TYPE_CHECKING:
    from index import Library


def may_see(library: "Library", answer: Answer | None) -> bool:
    """Tell whether whoever acts may see every article that an answer names; so of no answer at all."""
    cited = answer.citations if answer else ()
    named = {article.id for citation in cited for article in (citation.article, *citation.also_in)}
    return len(library.seen(named)) == len(named)


def given_to_others(library: "Library", answer: Answer | None) -> Answer | None:
    """Return somebody else's answer for whoever acts; None where they may not see it.

    Who sees some collections alone is not told what was noted on articles that no citation names, nor how many there
    are; an answer that nothing was found says of articles that they may not see that these say nothing.
    """
    if answer is None or library.visible is None:
        return answer
    if answer.abstained or not may_see(library, answer):
        return None
    return replace(answer, notes=(), searched=None)
