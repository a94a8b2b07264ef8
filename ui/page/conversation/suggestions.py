"""Questions to begin with: what the newest articles can be asked, and have been found to answer."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from index.analysis import sentence_spans
from index.analysis.entities import EntityKind, entities_of
from index.article import Article
from index.languages.messages import messages_for
from qa.answer import Answer, State
from qa.attribution.attribution import attribute

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from qa.assistant import Assistant
    from qa.question import Asked, Question

# Who is quoted in an article is so near its beginning, mostly.
_READ = 4000
# Questions that are tried about one article.
_TRIED = 3

# An article by its id and text, the language that it is asked about in, and the collections that are seen.
_Key = tuple[str, str, str, frozenset[str] | None]


class Suggestions:
    """Thinks of questions about articles and keeps those that are answered from the article; safe for threads."""

    def __init__(self, assistant: "Assistant") -> None:
        self._assistant = assistant
        self._found: dict[_Key, str | None] = {}
        self._lock = threading.Lock()

    @cached_property
    def _chain(self) -> "Runnable[Asked | Question | str, Answer]":
        """The assistant's chain without a chat model, which nobody is asked to pay, and without its observers."""
        from qa.chain import Write

        return replace(self._assistant.stages, write=Write(None)).compose()

    def known(self, articles: Sequence[Article], language: str, count: int) -> tuple[str, ...]:
        """Return up to `count` questions of those that were found before, about articles of the same text."""
        found = (self._found.get(self._key(article, language)) for article in articles)
        return tuple(dict.fromkeys(question for question in found if question))[:count]

    def find(self, articles: Sequence[Article], language: str, count: int) -> tuple[str, ...]:
        """Return up to `count` questions, each in its article's language, or else in the page's `language`.

        They ask what somebody said whose role the article gives, or for the latest on what its title names.
        """
        with self._lock:
            for place, article in enumerate(articles):
                if len(self.known(articles[:place], language, count)) == count:
                    break
                key = self._key(article, language)
                if key not in self._found:
                    self._found[key] = next(filter(self._answers(article), _questions(article, language)), None)
        return self.known(articles, language, count)

    def _key(self, article: Article, language: str) -> _Key:
        # What is answered from other articles as well is so for whom may see these.
        visible = self._assistant.library.visible
        return (article.id, article.content_hash, messages_for(article.language, language).language, visible)

    def _answers(self, article: Article) -> Callable[[str], bool]:
        def is_answered(question: str) -> bool:
            answer = self._chain.invoke(question)
            is_cited = any(citation.article.id == article.id for citation in answer.used)
            return is_cited and answer.state is not State.NOT_FOUND

        return is_answered


def _questions(article: Article, language: str) -> list[str]:
    words = messages_for(article.language, language)
    found = [words.say("example.said", name=name) for name in _speakers(article)]
    if name := _named(article.title, article.language):
        found.insert(1, words.say("example.about", name=name))
    return found[:_TRIED]


def _speakers(article: Article) -> Iterator[str]:
    """Yield the names of those whose words an article gives, and their role: people, and no "officials"."""
    text = article.text[:_READ]
    spans = tuple(sentence_spans(text, article.language))
    speakers = (attribute(text, spans, place, article.language) for place in range(len(spans)))
    names = (" ".join(speaker.name.split()) for speaker in speakers if speaker is not None and speaker.role)
    yield from dict.fromkeys(names)


def _named(title: str, language: str) -> str:
    """Return the longest name in a title, of words that stand side by side; "" where it has none."""
    words = [entity for entity in entities_of(title, language) if entity.kind is EntityKind.NAME]
    runs = [[word] for word in words[:1]]
    for before, word in pairwise(words):
        if title[before.end : word.start].strip():
            runs.append([word])
        else:
            runs[-1].append(word)
    return max((title[run[0].start : run[-1].end] for run in runs), key=len, default="")
