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
    differ: str
    unknown: str
    empty: str
    nothing_close: str
    filtered_none: str
    filtered_out: str
    left_out: str
    unsure_about: str
    closest: str
    model_failed: str
    understood: str
    model_slow: str
    model_busy: str
    model_budget: str
    model_declined: str
    model_unsupported: str
    struck: str
    removed: str
    lacks: str
    other_speaker: str
    contradicted: str
    unsupported: str
    no_passage: str
    nothing_to_check: str
    share: str


ENGLISH = Words(
    language="en",
    quote="“{quote}” [{number}]",
    speaker="{speaker}, according to {where}: {quote}",
    according="According to {where}: {quote}",
    differ="The articles differ:",
    unknown="The articles don't say.",
    empty="The library holds no articles yet. Index some with: khabar index FOLDER.",
    nothing_close="None of the indexed articles answers this.",
    filtered_none="No article passes the filters.",
    filtered_out="Nothing that passes the filters answers this, but an article they leave out may.",
    left_out="An article that the filters leave out may answer better: “{title}”, {where}.",
    unsure_about="Whether these quotes are about “{about}” is not certain.",
    closest="The closest:",
    model_failed="The language model failed ({error}), so this answer is a quote chosen without it.",
    understood="Understood as: {question}",
    model_slow="The language model took too long ({error}), so this answer is a quote chosen without it.",
    model_busy="The language model's provider asks to wait ({error}), so this answer is a quote chosen without it.",
    model_budget="The token budget leaves no room for the language model ({error}), so this answer is a quote chosen "
    "without it.",
    model_declined="The language model found no answer in the passages, so this answer is a quote chosen without it.",
    model_unsupported="The passages support nothing that the language model wrote, so this answer is a quote chosen "
    "without it.",
    struck="{count} of {all} sentences of the language model's are struck out: the passages do not support them.",
    removed="{count} of {all} sentences of the language model's are left out: the passages do not support them.",
    lacks="“{fact}” is not in the passage.",
    other_speaker="The passage gives somebody else as the speaker.",
    contradicted="The passage seems to say the opposite.",
    unsupported="The passage does not say so.",
    no_passage="There is no passage to check it against.",
    nothing_to_check="It says nothing that can be looked up.",
    share="{count} of {all} sentences verified against the passages.",
)

ARABIC = Words(
    language="ar",
    quote="«{quote}» [{number}]",
    speaker="{speaker}، بحسب {where}: {quote}",
    according="بحسب {where}: {quote}",
    differ="تختلف المقالات في ذلك:",
    unknown="لا تذكر المقالات ذلك.",
    empty="لا توجد مقالات في المكتبة بعد. أضف مقالات بالأمر: khabar index FOLDER.",
    nothing_close="لا يجيب أي من المقالات المفهرسة عن هذا السؤال.",
    filtered_none="لا يوجد مقال يطابق عوامل التصفية.",
    filtered_out="لا شيء ضمن عوامل التصفية يجيب عن هذا السؤال، وقد يجيب عنه مقال استبعدته.",
    left_out="قد يجيب مقال استبعدته عوامل التصفية جوابًا أفضل: «{title}»، {where}.",
    unsure_about="ليس مؤكداً أن هذه الاقتباسات تخص «{about}».",
    closest="الأقرب:",
    model_failed="تعذّر عمل النموذج اللغوي ({error})، فهذه الإجابة اقتباس اختير من دونه.",
    understood="فُهم السؤال هكذا: {question}",
    model_slow="استغرق النموذج اللغوي وقتاً أطول من اللازم ({error})، فهذه الإجابة اقتباس اختير من دونه.",
    model_busy="يطلب مزوّد النموذج اللغوي الانتظار ({error})، فهذه الإجابة اقتباس اختير من دونه.",
    model_budget="لا يكفي رصيد الوحدات للنموذج اللغوي ({error})، فهذه الإجابة اقتباس اختير من دونه.",
    model_declined="لم يجد النموذج اللغوي جواباً في المقاطع، فهذه الإجابة اقتباس اختير من دونه.",
    model_unsupported="لا تدعم المقاطع شيئاً مما كتبه النموذج اللغوي، فهذه الإجابة اقتباس اختير من دونه.",
    struck="شُطب {count} من أصل {all} من جمل النموذج اللغوي لأن المقاطع لا تدعمها.",
    removed="حُذف {count} من أصل {all} من جمل النموذج اللغوي لأن المقاطع لا تدعمها.",
    lacks="«{fact}» غير وارد في المقطع.",
    other_speaker="المقطع ينسب القول إلى غيره.",
    contradicted="يبدو أن المقطع يقول العكس.",
    unsupported="لا يقول المقطع ذلك.",
    no_passage="لا يوجد مقطع يمكن التحقق منه.",
    nothing_to_check="ليس في الجملة ما يمكن التحقق منه.",
    share="ثبتت {count} من أصل {all} من الجمل بالمقارنة بالمقاطع.",
)


def words_for(language: str) -> Words:
    """Return the phrases to answer a question of this language in."""
    return ARABIC if language == "ar" else ENGLISH


def answered(words: Words, citations: Sequence[Citation]) -> str:
    """Write the answer: the used quotes, each with its speaker where known, its outlet and date.

    Several quotes are several answers.
    """
    lines = [line(words, citation) for citation in citations]
    return "\n".join([words.differ, *lines] if len(lines) > 1 else lines)


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


def line(words: Words, citation: Citation) -> str:
    """Write one quote with its speaker where known, its outlet and date."""
    quote = words.quote.format(quote=citation.quote, number=citation.number)
    place = where(words, citation.article)
    if citation.speaker is None:
        return words.according.format(where=place, quote=quote)
    speaker = citation.speaker
    comma = "، " if words is ARABIC else ", "
    name = f"{speaker.name}{comma}{speaker.role}" if speaker.role else speaker.name
    return words.speaker.format(speaker=name, where=place, quote=quote)
