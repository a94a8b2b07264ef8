"""An answer put in words: the quotes with their speakers, outlets and days, or why there is none."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from string import Formatter

from index.languages.messages import Messages
from qa.answer import ArticleRef, Citation, Reason, Segment, SegmentKind

Segments = tuple[Segment, ...]

_WORD = re.compile(r"[^\W\d_]+")
# Fewer words may be of any language.
_SEVERAL = 3
_BREAK = Segment(SegmentKind.BREAK, "\n")


def text_of(segments: Iterable[Segment]) -> str:
    """Return the plain text that segments make."""
    return "".join(segment.text for segment in segments)


def answered(words: Messages, citations: Sequence[Citation]) -> Segments:
    """Put the answer in words: the used quotes, each with its speaker where known, its outlet and date.

    Several quotes are several answers.
    """
    lines = [line(words, citation) for citation in citations]
    return joined([_text(words.say("answer.differ")), *lines] if len(lines) > 1 else lines)


def closest(words: Messages, citations: Sequence[Citation]) -> Segments:
    """Put quotes in words that are only perhaps the answer, each as in `answered`."""
    return joined([_text(words.say("answer.perhaps")), *(line(words, citation) for citation in citations)])


def abstained(words: Messages, reason: Reason, nearest: Sequence[Citation], *, matching: bool) -> Segments:
    """Put an abstention in words: that the articles don't say, why, and which articles are closest.

    `matching` tells whether any article passed the filters.
    """
    why = {
        Reason.EMPTY_LIBRARY: "answer.empty",
        Reason.NOTHING_CLOSE: "answer.nothing_close",
        Reason.FILTERED_OUT: "answer.filtered_out" if matching else "answer.filtered_none",
    }[reason]
    said = _text(f"{words.say('answer.unknown')} {words.say(why)}")
    listed = [_listed(citation) for citation in nearest]
    return joined([said, _text(words.say("answer.closest")), *listed] if listed else [said])


def counted(words: Messages, said: str, citations: Sequence[Citation]) -> Segments:
    """Put in words how many articles there are, `said`, and which, each with its outlet and date."""
    lines = [
        (*_listed(item), *_text(" · "), *_dated(words, item.article, (_name(item.article.source),)))
        if item.article.source
        else _listed(item)
        for item in citations
    ]
    return joined([_text(said), *lines])


def _listed(citation: Citation) -> Segments:
    return (marker(citation.number), *_text(" "), _name(citation.article.title or citation.article.id))


def line(words: Messages, citation: Citation) -> Segments:
    """Put one quote in words, with its speaker where known, its outlet and date."""
    quoted = filled(
        words.template("answer.quote"),
        quote=(Segment(SegmentKind.QUOTE, citation.quote, citation.number),),
        number=_text(str(citation.number)),
    )
    quote = tuple(
        part if part.kind is SegmentKind.QUOTE else replace(part, kind=SegmentKind.FRAME, number=citation.number)
        for part in quoted
    )
    source, speaker = citation.article.source, citation.speaker
    place = _dated(words, citation.article, (_name(source),) if source else _titled(words, citation.article))
    if speaker is None:
        # Nothing is so "according to" a headline: the quote stands in that article.
        template = words.template("answer.according" if source else "answer.in")
        return filled(template, where=place, quote=quote)
    name: Segments = (Segment(SegmentKind.SPEAKER, speaker.name),)
    if speaker.role:
        name = filled(words.template("named"), name=name, role=(_name(speaker.role),))
    template = words.template("answer.speaker" if source else "answer.speaker_in")
    return filled(template, speaker=name, where=place, quote=quote)


def where(words: Messages, article: ArticleRef) -> str:
    """Name an article's outlet, or that it gives none, and its date, as plain text."""
    return text_of(_dated(words, article, (_name(article.source or words.say("article.unknown_source")),)))


def _dated(words: Messages, article: ArticleRef, name: Segments) -> Segments:
    return (*name, *_text(f" ({words.day(article.published)})")) if article.published else name


def _titled(words: Messages, article: ArticleRef) -> Segments:
    return filled(words.template("quoted"), quote=(_name(article.title or article.id),))


def filled(template: str, **parts: Segments) -> Segments:
    """Fill a message's names in braces with segments."""
    found: list[Segment] = []
    for literal, name, _, _ in Formatter().parse(template):
        found += _text(literal) if literal else ()
        found += parts[name] if name else ()
    return tuple(found)


def joined(lines: Iterable[Segments]) -> Segments:
    """Put lines below each other."""
    found: list[Segment] = []
    for number, segments in enumerate(lines):
        found += (_BREAK, *segments) if number else segments
    return tuple(found)


def marker(number: int) -> Segment:
    """Return the [n] marker of a citation."""
    return Segment(SegmentKind.MARKER, f"[{number}]", number)


def _text(text: str) -> Segments:
    return (Segment(SegmentKind.TEXT, text),)


def _name(text: str) -> Segment:
    return Segment(SegmentKind.NAME, text)


def unknown_language(words: Messages, question: str, language: str) -> tuple[str, ...]:
    """Note that the language of a question of several words could not be told; nothing where it could."""
    if language != "und" or len(_WORD.findall(question)) < _SEVERAL:
        return ()
    return (words.say("answer.unknown_language"),)


def partly_known(words: Messages, language: str) -> tuple[str, ...]:
    """Note that a question is in a language that Khabar does not speak; nothing where it has none ("und")."""
    if language in (words.language, "und"):
        return ()
    return (words.say("answer.partly_known", language=words.language_name(language)),)
