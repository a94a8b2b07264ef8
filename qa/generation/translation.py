"""A quote in another language, by the chat model: marked as a translation, checked for its facts, kept."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from index.analysis.entities import EntityKind, entities_of, forms_in
from qa.answer import Citation
from qa.generation.writer import Translator
from qa.markers import plain

_KEPT = 512


@dataclass(frozen=True, slots=True)
class Translation:
    """A chat model's translation of a quote: never a quote itself.

    `language` is what it is translated into; `writer` names the model; `missing` are numbers and dates of it that the
    quote lacks, which make it doubtful.
    """

    text: str
    quote: str
    language: str
    writer: str
    missing: tuple[str, ...] = ()


class Translations:
    """Translates quotes, each once; safe to use from several threads."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator
        self._kept: OrderedDict[tuple[str, str], Translation] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, citation: Citation, language: str) -> Translation:
        """Return a citation's quote in a language; raises `WriterError` when the model fails."""
        key = (citation.quote, language)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        text = plain(self._translator.translate(citation.quote, language))
        known = forms_in(citation.quote, citation.article.published, citation.language)
        missing = tuple(
            fact.text
            for fact in entities_of(text, language)
            if fact.kind is not EntityKind.NAME and not fact.occurs(known)
        )
        made = Translation(text, citation.quote, language, self._translator.name, missing)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made
