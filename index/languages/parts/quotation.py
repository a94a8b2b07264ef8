"""What a sentence reports, given how a language reads a verb: the first thing outside quotations."""

from collections.abc import Callable, Sequence

from index.languages.grammar import Statement, Token

# What opens and what closes a quotation for certain; other marks do both.
_OPENS, _CLOSES = "«“", "»”"


def quoted_in(tokens: Sequence[Token], marks: frozenset[str]) -> list[bool]:
    """Mark the tokens that stand within quotation marks, and the marks."""
    inside, flags = False, list[bool]()
    for token in tokens:
        if not token.is_word and token.folded in marks:
            inside = token.folded in _OPENS or (token.folded not in _CLOSES and not inside)
            flags.append(True)
        else:
            flags.append(inside)
    return flags


def first_reported(
    tokens: Sequence[Token], quoted: Sequence[bool], read: Callable[[int], Statement | None]
) -> Statement | None:
    """Return the first statement that `read` finds at a word outside quotations, None where it finds none."""
    places = (i for i, token in enumerate(tokens) if token.is_word and not quoted[i])
    return next((found for i in places if (found := read(i)) is not None), None)
