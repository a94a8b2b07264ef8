"""How many articles are about something, and which: counted in the library, and listed with their titles."""

from dataclasses import replace

from index import Library
from index.analysis import sentences, terms
from index.article import Article
from index.search import Candidate
from index.store.passages.having import ArticlesHaving
from index.text.normalisation import Span, fold
from qa.answer import Answer, Citation, Reason, Role
from qa.answering.extractive import composed
from qa.answering.phrasing import counted
from qa.answering.scope import scope_notes
from qa.question import Question

# So many are listed, the newest first; the library's own list has the others.
_LISTED = 20


def articles_listed(library: Library, question: Question) -> Answer:
    """Answer how many articles have what the question is about, and list the newest of them.

    They are those that have all of its words, or name whom it names in any spelling, and of the time and the outlets
    that it names. Each is cited with the first sentence that has one of the words.
    """
    topic, words, meaning = question.topic, question.words, question.meaning
    filters = meaning.within(question.filters) if meaning.is_scoped else question.filters
    with library.snapshot() as generation:
        found = library.having(topic, filters) if filters is not None else ArticlesHaving((), complete=True)
        spelt = library.names.spellings([topic]) if topic else frozenset()
        cited = [_cited(library, id_, topic, spelt) for id_ in found.ids[:_LISTED]]
    citations = [
        Citation.of(candidate, span, number=number, role=Role.USED) for number, (candidate, span) in enumerate(cited, 1)
    ]
    many = len(found.ids)
    if many:
        said = words.count("count.about" if topic else "count.all", many, about=topic)
    else:
        said = words.say("count.none", about=topic) if topic else words.say("answer.filtered_none")
    notes = [words.say("count.newest", count=_LISTED)] if many > _LISTED else []
    notes += [] if found.complete else [words.say("count.more")]
    notes += [words.say("count.words")] if topic else []
    known = replace(question, generation=generation, reading=replace(question.reading, confidence=1.0))
    reason = None if many else Reason.NOTHING_CLOSE
    answer = composed(known, counted(words, said, citations), citations, reason=reason)
    return replace(answer, notes=(*answer.notes, *notes, *scope_notes(replace(question, kept=True))))


def _cited(library: Library, id: str, topic: str, spelt: frozenset[str]) -> tuple[Candidate, Span]:
    """Return an article's first sentence that has a word of the topic, or its first, with the passage that it is in."""
    article = library.article(id)
    span = _telling(article, topic, spelt)
    passages = library.passages(id)
    passage = next((passage for passage in passages if passage.start <= span.start < passage.end), passages[0])
    revision = library.revisions(id)[0].number
    return Candidate(passage, article, revision, 0.0), span


def _telling(article: Article, topic: str, spelt: frozenset[str]) -> Span:
    wanted, names = set(terms(topic)), [fold(name) for name in spelt]
    spans = sentences(article.text, language=article.language)
    for span in spans:
        own = span.slice(article.text)
        if wanted & set(terms(own, article.language)) or any(name in fold(own) for name in names):
            return span
    return spans[0]
