"""Evidence to an `Answer`: which quotes are cited, in which role, and in what words."""

from collections.abc import Sequence
from dataclasses import replace

from index.languages import language
from index.languages.grammar import Stance
from index.store.rows import Extent
from index.text.normalisation import Span
from qa.answer import Answer, Citation, Reason, Role, ShortAnswer, Speaker, State
from qa.answering.corrections import is_taken_back, quoted
from qa.answering.phrasing import Segments, abstained, answered, closest, partly_known, text_of, unknown_language
from qa.attribution.attribution import speaker_of
from qa.evidence import Evidence, Reading, best_of_each_article
from qa.markers import Resolved, cited_segments
from qa.question import Question

_CITED = 3
# Evidence this close to the best one supports it: about what separates two sentences that say the same thing.
_SUPPORTING_MARGIN = 0.5
# The reader's score over "not here" from which a short answer is worth showing, in any language.
_STANDS_OUT = -4.0


def extractive(question: Question, sides: Sequence[Evidence], state: State = State.ANSWERED) -> Answer:
    """Answer with the best sentence, or with the `sides` where articles differ; others support, or were also found.

    Where they are only perhaps the answer, no short answer is drawn from them, and they are not said to differ.
    """
    evidence = question.reading.evidence
    told = _apart(sides)
    chosen = list(told)
    for item in evidence:
        near = _role(item, question.reading) is Role.SUPPORTING
        fresh = all(item.ranked.candidate.article.id != other.ranked.candidate.article.id for other in chosen)
        shown = any(_is_within(item, other) for other in chosen)
        if len(chosen) < _CITED and (near or fresh) and not shown:
            chosen.append(item)
    citations = [
        cite(item, number, Role.USED if number <= len(told) else _role(item, question.reading))
        for number, item in enumerate(chosen, 1)
    ]
    used = citations[: len(told)]
    if state is State.PERHAPS:
        return composed(question, closest(question.words, used), citations, state=state)
    said = answered(question.words, used)
    shorts = [_short(question, item, citation) for item, citation in zip(told, citations, strict=False)]
    others = tuple(short for short in shorts[1:] if short)
    return composed(question, said, citations, short=shorts[0], others=others)


def _apart(sides: Sequence[Evidence]) -> list[Evidence]:
    """Leave out what is quoted with another already."""
    told: list[Evidence] = []
    for item in sides:
        if not any(_is_within(item, other) for other in told):
            told.append(item)
    return told


def _is_within(item: Evidence, other: Evidence) -> bool:
    """Tell whether a sentence is quoted where another is."""
    if item.ranked.candidate.article.id != other.ranked.candidate.article.id:
        return False
    span = quoted(other)
    return span.start <= item.sentence.start and item.sentence.end <= span.end


def abstention(question: Question, reason: Reason, searched: Extent) -> Answer:
    """Say that the articles don't say, why, what is closest, and what was searched."""
    # What does not fit is often the closest there is.
    found = [replace(item, score=item.relevance) for item in question.reading.evidence]
    nearest = best_of_each_article(sorted(found, key=lambda item: -item.score))[:_CITED]
    citations = [cite(item, number, Role.ALSO_FOUND) for number, item in enumerate(nearest, 1)]
    said = abstained(question.words, reason, citations, matching=searched.articles > 0)
    answer = composed(question, said, citations, reason=reason)
    unknown = unknown_language(question.words, question.text, question.language)
    return replace(answer, notes=(*answer.notes, *unknown), searched=searched)


def written(question: Question, resolved: Resolved, offered: Sequence[Evidence], writer: str) -> Answer:
    """Take a model's text whose markers resolve; each [n] cites the best sentence of its passage."""
    used = [cite(offered[number - 1], place, Role.USED) for place, number in enumerate(resolved.used, 1)]
    rest = [item for number, item in enumerate(offered, 1) if number not in resolved.used]
    room = max(0, _CITED - len(used))
    others = [cite(item, number, Role.ALSO_FOUND) for number, item in enumerate(rest[:room], len(used) + 1)]
    said = cited_segments(resolved.text, [*used, *others])
    return composed(question, said, [*used, *others], writer=writer)


def cite(evidence: Evidence, number: int, role: Role) -> Citation:
    """Make the citation of a sentence, and of what takes it back."""
    candidate = evidence.ranked.candidate
    return Citation.of(
        candidate,
        quoted(evidence),
        number=number,
        role=role,
        score=round(evidence.score, 6),
        speaker=speaker_of(candidate.article, evidence.sentence) or _read(evidence),
        also_in=evidence.ranked.also_in,
    )


def _read(evidence: Evidence) -> Speaker | None:
    """Return whom the reader takes the sentence to be said by, where no language pack tells."""
    span, is_marked = evidence.speaker, evidence.signs.below == 0
    if span is None or not is_marked:
        return None
    return Speaker(span.slice(evidence.ranked.candidate.article.text), span.start, span.end)


def _role(item: Evidence, reading: Reading) -> Role:
    is_near = reading.evidence[0].score - item.score <= _SUPPORTING_MARGIN
    return Role.SUPPORTING if is_near and item is not reading.outdated else Role.ALSO_FOUND


def _short(question: Question, best: Evidence, citation: Citation) -> ShortAnswer | None:
    """Return who said it, where that is asked for, else the likeliest few words where they stand out.

    None where yes or no is asked for, which is the whole sentence's to say, and where the next sentence takes it back.
    """
    if question.request.asks_whether or is_taken_back(best):
        return None
    if citation.speaker is not None and question.request.asks_for_speaker:
        return ShortAnswer(citation.speaker.name, citation.number, citation.speaker.start, citation.speaker.end)
    article = best.ranked.candidate.article
    if best.answer is None or best.answer.start == best.answer.end or best.signs.span < _STANDS_OUT:
        return None
    if citation.speaker is not None and _is_denied(best.answer, citation, citation.speaker):
        return None
    text = article.text[best.answer.start : best.answer.end]
    return ShortAnswer(text, citation.number, best.answer.start, best.answer.end)


def _is_denied(answer: Span, citation: Citation, speaker: Speaker) -> bool:
    """Tell whether an answer is of what a speaker denies, or the speaker: alone it would be read as what is so."""
    if speaker.kind != Stance.DENIED:
        return False
    if answer.start < speaker.end and speaker.start < answer.end:
        return True
    verb = citation.quote.find(speaker.verb) if speaker.verb else -1
    between = citation.quote[verb + len(speaker.verb or "") : answer.start - citation.start]
    return verb >= 0 and not language(citation.language).grammar.reports(between)


def composed(
    question: Question,
    segments: Segments,
    citations: Sequence[Citation],
    *,
    reason: Reason | None = None,
    short: ShortAnswer | None = None,
    others: tuple[ShortAnswer, ...] = (),
    writer: str = "extractive",
    state: State = State.ANSWERED,
) -> Answer:
    """Make the answer of its segments and citations, with all that the question has gathered."""
    return Answer(
        question=question.text,
        language=question.words.language,
        text=text_of(segments),
        segments=segments,
        abstained=reason is not None,
        reason=reason,
        citations=tuple(citations),
        short=short,
        others=others,
        score=round(question.reading.confidence, 6),
        confidence=round(question.reading.confidence, 6),
        state=State.NOT_FOUND if reason is not None else state,
        generation=question.generation,
        filters=question.filters,
        writer=writer,
        notes=partly_known(question.words, question.language),
        timings=question.timings,
    )
