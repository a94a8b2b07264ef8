"""Everything Khabar knows about text as such: its language, its words, its names, its sentences.

Offsets count characters of the text that was given, whatever normalisation did in between.
"""

from index.folding import Normalised, Span, normalise
from index.language import detect_language, direction, question_language
from index.names import name_keys, query_name_keys
from index.sentences import sentences
from index.words import Word, terms, words

__all__ = [
    "Normalised",
    "Span",
    "Word",
    "detect_language",
    "direction",
    "name_keys",
    "normalise",
    "query_name_keys",
    "question_language",
    "sentences",
    "terms",
    "words",
]
