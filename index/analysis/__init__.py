"""Everything Khabar knows about text as such: its language, its words, its names, its sentences.

Offsets count characters of the text that was given, whatever normalisation did in between.
"""

from index.analysis.identification import (
    detect_language,
    direction,
    language_blocks,
    language_of,
    language_within,
    question_language,
)
from index.analysis.phonetic_keys import name_keys, query_name_keys
from index.analysis.sentences import is_question, sentence_spans, sentences
from index.analysis.terms import Word, query_terms, terms, words
from index.text.normalisation import Normalised, Span, normalise

__all__ = [
    "Normalised",
    "Span",
    "Word",
    "detect_language",
    "direction",
    "is_question",
    "language_blocks",
    "language_of",
    "language_within",
    "name_keys",
    "normalise",
    "query_name_keys",
    "query_terms",
    "question_language",
    "sentence_spans",
    "sentences",
    "terms",
    "words",
]
