"""English."""

from index.languages.en.orthography import ORTHOGRAPHY
from index.languages.neutral import Pack
from index.text.scripts import LATIN

__all__ = ["LANGUAGE"]

LANGUAGE = Pack("en", LATIN, ORTHOGRAPHY, home="index.languages.en.grammar")
