"""The answer's own words, in the question's language; Arabic where it is Arabic, English for any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa.answer import ArticleRef, Citation, Reason

_ARABIC_MONTHS = (
    "كانون الثاني/يناير",
    "شباط/فبراير",
    "آذار/مارس",
    "نيسان/أبريل",
    "أيار/مايو",
    "حزيران/يونيو",
    "تموز/يوليو",
    "آب/أغسطس",
    "أيلول/سبتمبر",
    "تشرين الأول/أكتوبر",
    "تشرين الثاني/نوفمبر",
    "كانون الأول/ديسمبر",
)


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases of one language; braces are filled in by name."""

    language: str
    quote: str
    speaker: str
    according: str
    also: str
    unknown: str
    empty: str
    nothing_close: str
    filtered_none: str
    filtered_out: str
    left_out: str
    closest: str
    model_failed: str
    model_uncited: str
    understood: str


ENGLISH = Words(
    language="en",
    quote="“{quote}” [{number}]",
    speaker="{speaker}, according to {where}: {quote}",
    according="According to {where}: {quote}",
    also="Also, {line}",
    unknown="The articles don't say.",
    empty="The library holds no articles yet. Index some with: khabar index FOLDER.",
    nothing_close="None of the indexed articles answers this.",
    filtered_none="No article passes the filters.",
    filtered_out="Nothing that passes the filters answers this, but an article they leave out may.",
    left_out="An article that the filters leave out may answer better: “{title}”, {where}.",
    closest="The closest:",
    model_failed="The language model failed ({error}), so this answer is a quote chosen without it.",
    model_uncited="The language model cited none of the passages, so this answer is a quote chosen without it.",
    understood="Understood as: {question}",
)

ARABIC = Words(
    language="ar",
    quote="«{quote}» [{number}]",
    speaker="{speaker}، بحسب {where}: {quote}",
    according="بحسب {where}: {quote}",
    also="وأيضاً، {line}",
    unknown="لا تذكر المقالات ذلك.",
    empty="لا توجد مقالات في المكتبة بعد. أضف مقالات بالأمر: khabar index FOLDER.",
    nothing_close="لا يجيب أي من المقالات المفهرسة عن هذا السؤال.",
    filtered_none="لا يوجد مقال يطابق عوامل التصفية.",
    filtered_out="لا شيء ضمن عوامل التصفية يجيب عن هذا السؤال، وقد يجيب عنه مقال استبعدته.",
    left_out="قد يجيب مقال استبعدته عوامل التصفية جوابًا أفضل: «{title}»، {where}.",
    closest="الأقرب:",
    model_failed="تعذّر عمل النموذج اللغوي ({error})، فهذه الإجابة اقتباس اختير من دونه.",
    model_uncited="لم يستشهد النموذج اللغوي بأي مقطع، فهذه الإجابة اقتباس اختير من دونه.",
    understood="فُهم السؤال هكذا: {question}",
)


def words_for(language: str) -> Words:
    """Return the phrases to answer a question of this language in."""
    return ARABIC if language == "ar" else ENGLISH


def answered(words: Words, citations: Sequence[Citation]) -> str:
    """Write the answer: the used quotes, each with its speaker where known, its outlet and date."""
    lines = [_line(words, citation) for citation in citations]
    return "\n".join([lines[0], *(words.also.format(line=line) for line in lines[1:])])


def abstained(words: Words, reason: Reason, closest: Sequence[Citation], *, matching: bool) -> str:
    """Write an abstention: that the articles don't say, why, and which articles are closest.

    `matching` tells whether any article passed the filters.
    """
    why = {
        Reason.EMPTY_LIBRARY: words.empty,
        Reason.NOTHING_CLOSE: words.nothing_close,
        Reason.FILTERED_OUT: words.filtered_out if matching else words.filtered_none,
    }[reason]
    text = f"{words.unknown} {why}"
    if closest:
        listed = [f"[{citation.number}] {citation.article.title or citation.article.id}" for citation in closest]
        text += "\n" + "\n".join([words.closest, *listed])
    return text


def where(words: Words, article: ArticleRef) -> str:
    """Name an article's outlet and date, or its title where it has no outlet."""
    name = article.source or article.title or article.id
    return f"{name} ({day(words, article.published)})" if article.published else name


def day(words: Words, published: date) -> str:
    """Write a date as the language does; Arabic month names are given as used both east and west."""
    if words is ARABIC:
        return f"{published.day} {_ARABIC_MONTHS[published.month - 1]} {published.year}"
    return f"{published.day} {published:%B} {published.year}"


def _line(words: Words, citation: Citation) -> str:
    quote = words.quote.format(quote=citation.quote, number=citation.number)
    place = where(words, citation.article)
    if citation.speaker is None:
        return words.according.format(where=place, quote=quote)
    speaker = citation.speaker
    comma = "، " if words is ARABIC else ", "
    name = f"{speaker.name}{comma}{speaker.role}" if speaker.role else speaker.name
    return words.speaker.format(speaker=name, where=place, quote=quote)
