"""What Khabar knows of each language, one folder a language. Entry: `language()`, `languages()`.

No language is the default of another: what has no pack is read by `neutral`.
"""

from functools import cache
from importlib import import_module

from index.languages.neutral import NEUTRAL, neutral
from index.languages.protocol import Grammar, Language, Orthography
from index.text.scripts import ARABIC, LATIN, Script

__all__ = ["NEUTRAL", "PACKS", "Grammar", "Language", "Orthography", "language", "languages", "readers", "reading"]

# The folders of the packs, by code.
PACKS = ("ar", "en", "fr")


@cache
def language(code: str) -> Language:
    """Return the pack of a language by its ISO 639-1 code; where there is none, a neutral one."""
    if code not in PACKS:
        return neutral(code)
    found: Language = import_module(f"index.languages.{code}").LANGUAGE
    return found


def languages() -> tuple[Language, ...]:
    """Return every pack."""
    return tuple(map(language, PACKS))


@cache
def readers(script: Script, code: str) -> tuple[Orthography, ...]:
    """Return how words of a script are read in a text in the language `code`; at least one orthography.

    A language reads the words of its own script itself. A language with a pack borrows words of another script from
    the pack that is registered first for it, as Arabic texts do English names, or else from the likeliest language of
    the script; one without a pack borrows none. A text whose language cannot be told ("und") is read by every pack of
    the script.
    """
    packs = [pack for pack in languages() if pack.script is script] or [neutral(script.likeliest or NEUTRAL.code)]
    if code == NEUTRAL.code:
        return tuple(pack.orthography for pack in packs)
    own = language(code)
    if code not in PACKS or own.script is script:
        return (own.orthography,)
    return (packs[0].orthography,)


@cache
def reading(code: str) -> tuple[Orthography, ...]:
    """Return every orthography that reads words of a text in the language `code`, of whatever script."""
    return tuple({own.code: own for script in (ARABIC, LATIN) for own in readers(script, code)}.values())
