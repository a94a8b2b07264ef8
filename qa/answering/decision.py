"""Whether the articles answer: quotes, or an abstention with its reason."""

from collections.abc import Sequence
from dataclasses import replace

from index import Library
from qa.answer import Answer, ArticleRef, Reason, State
from qa.answering.contradictions import differing
from qa.answering.extractive import abstention, extractive
from qa.answering.listing import articles_listed
from qa.answering.overviews import Survey, is_about, overview_of, surveyed
from qa.answering.phrasing import where
from qa.answering.revisions import revised
from qa.answering.scope import scope_notes, scoped
from qa.evidence import Evidence, Reading
from qa.question import Question
from qa.reading.answerability import Confidence, fitted
from qa.understanding.kinds import Kind


class Decision:
    """Answers with the best quotes where the reader is sure enough, gives them as the closest, or abstains.

    `threshold` is the confidence below which it abstains, by default that of `known`, the model of the confidence
    (by default the shipped one); `translates` tells whether there is a chat model that does.
    """

    def __init__(
        self,
        library: Library,
        threshold: float | None = None,
        known: Confidence | None = None,
        *,
        translates: bool = False,
    ) -> None:
        self._library = library
        self._translates = translates
        known = known or fitted()
        self.threshold = known.perhaps if threshold is None else threshold
        self._confidence = replace(known, perhaps=self.threshold, answered=max(self.threshold, known.answered))

    def decide(self, question: Question) -> Question:
        """Return the question with its extractive answer, or with the abstention and its reason."""
        if question.asks_for_articles:
            answer = articles_listed(self._library, question)
            return replace(question, answer=_as_asked(question, answer), threshold=self.threshold)
        question = self._as_it_holds_now(scoped(question))
        evidence = question.reading.evidence
        sides = differing(question, evidence) if evidence and evidence[0].fits else list(evidence[:1])
        question = self._without_rivals(question, sides)
        survey, reading = overview_of(question), question.reading
        picked = tuple(survey.pick(reading.evidence)) if survey else ()
        state = self._confidence.state(reading.confidence) if reading.evidence else State.NOT_FOUND
        if state is not State.NOT_FOUND and question.meaning.kind is Kind.LATEST:
            # One fact of the newest article.
            survey, picked = None, ()
        if _is_told(question, survey, picked, state):
            # What is to be translated is found by its matter alone, however sure the reader is of a sentence.
            shown = State.PERHAPS if state is State.NOT_FOUND else state
            answer = surveyed(question, picked) if picked else extractive(question, sides, shown)
            notes = (*answer.notes, *_doubts(question, survey, state))
            notes = (*notes, *self._untranslated(question), *scope_notes(question), *_left_out(question))
            answer = replace(answer, notes=notes)
            return replace(question, picked=picked, answer=_as_asked(question, answer), threshold=self.threshold)
        with self._library.snapshot() as generation:
            searched = self._library.extent(question.filters)
        answer = abstention(question, self._reason(question), searched)
        # What is told of the library is of the state that was searched, or nothing.
        answer = answer if generation == question.generation else replace(answer, searched=None)
        notes = (*answer.notes, *self._untranslated(question), *scope_notes(question, found=False))
        answer = replace(answer, notes=notes)
        return replace(question, picked=picked, answer=_as_asked(question, answer), threshold=self.threshold)

    def _as_it_holds_now(self, question: Question) -> Question:
        """Return the question with what a later article says otherwise first; what it replaces is no rival."""
        evidence = question.reading.evidence
        if not evidence or not evidence[0].fits or (found := revised(question, evidence)) is None:
            return question
        others = [item for item in evidence[1:] if item is not found]
        confidence = self._confidence.of(question.matter, [found, *others])
        # They change places: the first is the one that scores highest.
        newest, outdated = replace(found, score=evidence[0].score), replace(evidence[0], score=found.score)
        ordered = (newest, outdated, *others)
        return replace(question, reading=Reading(ordered, confidence, outdated))

    def _without_rivals(self, question: Question, sides: Sequence[Evidence]) -> Question:
        """Return the question with a confidence that the other sides of a disagreement take nothing from.

        How sure the reader is hangs on how far the best sentence is ahead of other articles'. One that answers too, and
        differently, is quoted beside it, and is no rival.
        """
        if len(sides) < 2:
            return question
        evidence = question.reading.evidence
        alone = [item for item in evidence if item is evidence[0] or all(item is not other for other in sides)]
        confidence = max(question.reading.confidence, self._confidence.of(question.matter, alone))
        return replace(question, reading=replace(question.reading, confidence=confidence))

    def _untranslated(self, question: Question) -> tuple[str, ...]:
        """Say that a translation which is asked for needs a chat model, where there is none."""
        if self._translates or question.meaning.kind is not Kind.TRANSLATION:
            return ()
        return (question.words.say("answer.no_translation"),)

    def _reason(self, question: Question) -> Reason:
        if not self._library.extent().articles:
            return Reason.EMPTY_LIBRARY
        beyond = question.beyond
        if question.filters and (not question.passages or (beyond and beyond.confidence >= self.threshold)):
            return Reason.FILTERED_OUT
        return Reason.NOTHING_CLOSE


def _is_told(question: Question, survey: Survey | None, picked: Sequence[Evidence], state: State) -> bool:
    """Tell whether what was read is given as the answer."""
    sure = state is not State.NOT_FOUND
    if survey and survey.people:
        # What one person says of another matter is near to what is asked, and is no answer.
        is_close = sure if len(survey.people) > 1 else state is State.ANSWERED
        return is_close or survey.is_surely_of_whom_it_names(picked)
    if survey:
        # How sure the reader is of one sentence says nothing of a story.
        return bool(picked) and ((sure and not survey.is_story) or is_about(question))
    if question.meaning.kind is Kind.TRANSLATION:
        return bool(question.reading.evidence) and (sure or is_about(question))
    return sure


def _doubts(question: Question, survey: Survey | None, state: State) -> tuple[str, ...]:
    topic = survey.topic if survey and state is State.NOT_FOUND else ""
    return (question.words.say("answer.unsure_about", about=topic),) if topic else ()


def _left_out(question: Question) -> tuple[str, ...]:
    """Name, as a note, the article that the filters leave out although it has the best evidence."""
    best = question.beyond.evidence[:1] if question.beyond else ()
    if not best or question.filters.match(best[0].ranked.candidate.article):
        return ()
    article, words = ArticleRef.of(best[0].ranked.candidate.article), question.words
    return (words.say("answer.left_out", title=article.title or article.id, where=where(words, article)),)


def _as_asked(question: Question, answer: Answer) -> Answer:
    """Give an answer the question as it was asked beside the one that was searched for."""
    return answer if question.asked is None else replace(answer, question=question.asked, standalone=question.text)
