"""One answer to a message that asks two questions: each with its own quotes, state and confidence."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from qa.answer import Answer, AnswerPart, Citation, Role, Segment, SegmentKind, State, Timing, Tokens, WrittenSentence
from qa.answering.phrasing import joined, text_of


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """One question of a message, as it was asked, and its answer."""

    question: str
    answer: Answer


def answer_to_all(asked: str, answered: Sequence[AnsweredQuestion]) -> Answer:
    """Make one answer of at least two, in their order; their citations are numbered anew, those that answer first."""
    answers = [item.answer for item in answered]
    if all(answer.abstained for answer in answers):
        parts = tuple(_part(item, {}) for item in answered)
        return replace(answers[0], question=asked, parts=parts, timings=tuple(_timings(answers)))
    lead = next(answer for answer in answers if not answer.abstained)
    citations, numbers = _numbered(answers)
    segments = joined(_told(item, own) for item, own in zip(answered, numbers, strict=True))
    shorts = [
        replace(short, number=own[short.number])
        for answer, own in zip(answers, numbers, strict=True)
        for short in ((answer.short, *answer.others) if answer.short else ())
    ]
    return replace(
        lead,
        question=asked,
        standalone=answers[0].standalone,
        text=text_of(segments),
        segments=segments,
        citations=tuple(citations),
        short=shorts[0] if shorts else None,
        others=tuple(shorts[1:]),
        writer=next((answer.writer for answer in answers if answer.writer != "extractive"), "extractive"),
        notes=tuple(dict.fromkeys(note for answer in answers for note in answer.notes)),
        timings=tuple(_timings(answers)),
        sentences=tuple(
            _renumbered(sentence, own)
            for answer, own in zip(answers, numbers, strict=True)
            for sentence in answer.sentences
        ),
        tokens=_tokens(answers),
        parts=tuple(_part(item, own) for item, own in zip(answered, numbers, strict=True)),
    )


def _numbered(answers: Sequence[Answer]) -> tuple[list[Citation], list[dict[int, int]]]:
    """Return the citations of all answers, each place once, and for each answer the new number of each of its own."""
    found: dict[tuple[str, int, int], Citation] = {}
    numbers: list[dict[int, int]] = [{} for _ in answers]
    for is_used in (True, False):
        for answer, own in zip(answers, numbers, strict=True):
            for citation in answer.citations:
                if (citation.role is Role.USED) is is_used:
                    place = (citation.article.id, citation.start, citation.end)
                    kept = found.setdefault(place, replace(citation, number=len(found) + 1))
                    own[citation.number] = kept.number
    return list(found.values()), numbers


def _told(item: AnsweredQuestion, numbers: Mapping[int, int]) -> tuple[Segment, ...]:
    """Return the question and what answers it; of an abstention its first line, for the closest are listed below."""
    said = item.answer.segments
    if item.answer.abstained:
        said = tuple(takewhile(lambda segment: segment.kind is not SegmentKind.BREAK, said))
    told = tuple(_moved(segment, numbers) for segment in said)
    return joined([(Segment(SegmentKind.QUESTION, item.question),), told])


def _moved(segment: Segment, numbers: Mapping[int, int]) -> Segment:
    """Give a segment the new number of its citation; a quote's words stay as they are."""
    if segment.number is None:
        return segment
    old, new = str(segment.number), numbers[segment.number]
    text = segment.text
    if segment.kind is SegmentKind.MARKER or (segment.kind is SegmentKind.FRAME and text == old):
        text = text.replace(old, str(new))
    return replace(segment, text=text, number=new)


def _renumbered(sentence: WrittenSentence, numbers: Mapping[int, int]) -> WrittenSentence:
    text = re.sub(r"\[(\d+)\]", lambda mark: f"[{numbers.get(int(mark[1]), int(mark[1]))}]", sentence.text)
    return replace(sentence, text=text, citations=tuple(numbers[number] for number in sentence.citations))


def _part(item: AnsweredQuestion, numbers: Mapping[int, int]) -> AnswerPart:
    answer = item.answer
    used = () if answer.state is State.NOT_FOUND else answer.used
    return AnswerPart(
        question=item.question,
        state=answer.state,
        confidence=answer.confidence,
        citations=tuple(numbers[citation.number] for citation in used),
        reason=answer.reason,
        standalone=answer.standalone,
    )


def _timings(answers: Sequence[Answer]) -> Iterator[Timing]:
    """Yield how long each stage took, all questions together."""
    timings = [timing for answer in answers for timing in answer.timings]
    for stage in dict.fromkeys(timing.stage for timing in timings):
        spent = sum(timing.milliseconds for timing in timings if timing.stage == stage)
        yield Timing(stage, round(spent, 2))


def _tokens(answers: Sequence[Answer]) -> Tokens | None:
    counted = [answer.tokens for answer in answers if answer.tokens]
    if not counted:
        return None
    return Tokens(sum(tokens.read for tokens in counted), sum(tokens.written for tokens in counted))
