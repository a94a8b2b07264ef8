"""French."""

from index.languages.fr.orthography import ORTHOGRAPHY
from index.languages.neutral import Pack
from index.text.scripts import LATIN

__all__ = ["LANGUAGE"]

LANGUAGE = Pack("fr", LATIN, ORTHOGRAPHY, home="index.languages.fr.grammar")
