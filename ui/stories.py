"""Who else carries a cited article's story, in one line; pure functions."""

from qa.answer import Citation
from ui.words import Words

# So many of the others are named; how many there are is always said.
_NAMED = 8


def outlets(citation: Citation) -> tuple[str, ...]:
    """Return the outlets that carry a citation's story, its own first, each once; unnamed ones are left out."""
    named = [article.source for article in (citation.article, *citation.also_in)]
    return tuple(dict.fromkeys(source for source in named if source))


def carried_line(citation: Citation, words: Words) -> str | None:
    """Say in one line how many outlets, or how many other articles, carry the story; None where there are none."""
    if not citation.also_in:
        return None
    found = outlets(citation)
    if len(found) > 1:
        shown = [*found[:_NAMED], *(("…",) if len(found) > _NAMED else ())]
        return words.outlets.format(len(found), words.comma.join(shown))
    return words.copies.format(len(citation.also_in))
