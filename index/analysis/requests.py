"""What a question asks for, by the grammar of its language."""

from functools import lru_cache

from index.analysis.identification import question_language
from index.languages import language
from index.languages.grammar import Request


@lru_cache(maxsize=256)
def request_of(text: str) -> Request:
    """Return what a question that stands alone asks for; parsed once, however many ask."""
    return language(question_language(text)).grammar.request(text)
