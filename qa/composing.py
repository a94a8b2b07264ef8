"""Evidence to an `Answer`: which quotes are cited, in which role, and in what words."""

from collections.abc import Sequence

from index import Passage
from index.folding import Span
from qa.answer import Answer, ArticleRef, Citation, Reason, Role, ShortAnswer, Speaker
from qa.citations import Resolved
from qa.differing import asks_whether, differing
from qa.question import Question
from qa.reader import Evidence, Reading, best_of_each_article, speaker_of
from qa.speaker import Stance, asks_for_speaker
from qa.stance import reports
from qa.wording import abstained, answered, words_for

_CITED = 3
# Evidence this close to the best one supports it: about what separates two sentences that say the same thing.
_SUPPORTING_MARGIN = 0.5
# The span model's score over "not here" from which a short answer is worth showing; it is less good at marking what
# was asked for in another language.
_STANDS_OUT = -2.0
_STANDS_OUT_ABROAD = 0.0


def extractive(question: Question) -> Answer:
    """Answer with the best sentence, or with several where articles differ; others support, or were also found."""
    evidence = question.reading.evidence
    told = differing(question.text, best_of_each_article(question.reading.evidence))
    chosen = list(told)
    for item in evidence:
        near = evidence[0].score - item.score <= _SUPPORTING_MARGIN
        fresh = all(item.ranked.candidate.article.id != other.ranked.candidate.article.id for other in chosen)
        shown = any(item is other for other in chosen)
        if len(chosen) < _CITED and (near or fresh) and not shown:
            chosen.append(item)
    citations = [
        cite(item, number, Role.USED if number <= len(told) else _role(item, evidence[0]))
        for number, item in enumerate(chosen, 1)
    ]
    words = words_for(question.language)
    text = answered(words, citations[: len(told)])
    shorts = [_short(question, item, citation) for item, citation in zip(told, citations, strict=False)]
    others = tuple(short for short in shorts[1:] if short)
    return composed(question, text, citations, short=shorts[0], others=others)


def abstention(question: Question, reason: Reason, *, matching: bool) -> Answer:
    """Say that the articles don't say, why, and what is closest."""
    closest = best_of_each_article(question.reading.evidence)[:_CITED]
    citations = [cite(item, number, Role.ALSO_FOUND) for number, item in enumerate(closest, 1)]
    words = words_for(question.language)
    return composed(question, abstained(words, reason, citations, matching=matching), citations, reason=reason)


def written(question: Question, resolved: Resolved, offered: Sequence[Evidence], writer: str) -> Answer:
    """Take a model's text whose markers resolve; each [n] cites the best sentence of its passage."""
    used = [cite(offered[number - 1], place, Role.USED) for place, number in enumerate(resolved.used, 1)]
    rest = [item for number, item in enumerate(offered, 1) if number not in resolved.used]
    room = max(0, _CITED - len(used))
    others = [cite(item, number, Role.ALSO_FOUND) for number, item in enumerate(rest[:room], len(used) + 1)]
    return composed(question, resolved.text, [*used, *others], writer=writer)


def cite(evidence: Evidence, number: int, role: Role) -> Citation:
    """Make the citation of a sentence."""
    candidate = evidence.ranked.candidate
    return Citation(
        number=number,
        role=role,
        article=ArticleRef.of(candidate.article),
        revision=candidate.revision,
        quote=evidence.quote,
        start=evidence.sentence.start,
        end=evidence.sentence.end,
        passage_start=candidate.passage.start,
        passage_end=candidate.passage.end,
        score=round(evidence.score, 6),
        speaker=speaker_of(candidate.article, evidence.sentence),
        also_in=tuple(ArticleRef.of(article) for article in evidence.ranked.also_in),
    )


def best_of_each_passage(reading: Reading) -> list[Evidence]:
    """Keep each passage's best sentence, in order."""
    best: dict[Passage, Evidence] = {}
    for item in reading.evidence:
        best.setdefault(item.ranked.candidate.passage, item)
    return list(best.values())


def _role(item: Evidence, best: Evidence) -> Role:
    return Role.SUPPORTING if best.score - item.score <= _SUPPORTING_MARGIN else Role.ALSO_FOUND


def _short(question: Question, best: Evidence, citation: Citation) -> ShortAnswer | None:
    """Return who said it, where that is asked for, else the likeliest few words where they stand out.

    None where yes or no is asked for: that is the whole sentence's to say.
    """
    if asks_whether(question.text):
        return None
    if citation.speaker is not None and asks_for_speaker(question.text):
        return ShortAnswer(citation.speaker.name, citation.number, citation.speaker.start, citation.speaker.end)
    article = best.ranked.candidate.article
    least = _STANDS_OUT if article.language == question.language else _STANDS_OUT_ABROAD
    if best.answer is None or best.answer.start == best.answer.end or best.signs.marked < least:
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
    return verb >= 0 and not reports(citation.quote[verb + len(speaker.verb or "") : answer.start - citation.start])


def composed(
    question: Question,
    text: str,
    citations: Sequence[Citation],
    *,
    reason: Reason | None = None,
    short: ShortAnswer | None = None,
    others: tuple[ShortAnswer, ...] = (),
    writer: str = "extractive",
) -> Answer:
    """Make the answer of its text and citations, with all that the question has gathered."""
    return Answer(
        question=question.text,
        language=words_for(question.language).language,
        text=text,
        abstained=reason is not None,
        reason=reason,
        citations=tuple(citations),
        short=short,
        others=others,
        score=round(question.reading.confidence, 6),
        generation=question.generation,
        filters=question.filters,
        writer=writer,
        timings=question.timings,
    )
