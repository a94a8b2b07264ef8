"""Arabic."""

from index.languages.ar.orthography import ORTHOGRAPHY
from index.languages.neutral import Pack
from index.text.scripts import ARABIC

__all__ = ["LANGUAGE"]

LANGUAGE = Pack("ar", ARABIC, ORTHOGRAPHY, home="index.languages.ar.grammar")
