"""Sentences that speak to a language model rather than to a reader: never shown to one, and evidence of nothing."""

import re
from functools import lru_cache

from index.folding import Span, fold, normalise
from index.text import sentences

_LINE_END = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]")
# An order to forget, to obey, to become another, or to say a certain thing; marks of a prompt's own frame.
_ENGLISH = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|discard|skip)\b.{0,40}"
    r"\b(?:above|previous|prior|preceding|earlier|instructions?|rules?|prompts?|passages?|guidelines?|everything)\b"
    r"|\b(?:you are now|act as|pretend to be|roleplay as|behave as)\b.{0,20}"
    r"\b(?:assistant|model|ai|bot|dan|developer)\b"
    r"|\b(?:new|updated|real|actual|hidden|secret|system)\s+(?:instructions?|prompts?|task|rules?|messages?|orders?)\s*:"
    r"|^\s*\[\d{1,3}\]\s*\(|^\s*question\s*:"
    r"|\b(?:language model|ai model|ai assistant|chatbot|llms?|assistant|gpt|claude|gemini)s?\b.{0,60}"
    r"\b(?:must|should|shall|reading|reads?|answer|say|write|reply|respond|output|print|repeat|note|attention)\b"
    r"|\b(?:answer|say|write|reply|respond|output|print|repeat|state|claim|tell)\b.{0,25}"
    r"\b(?:only|instead|exactly|with the words?|the following|the user|the readers?|that the answer|verbatim)\b"
    r"|^\s*(?:system|assistant|user|developer|human)\s*:"
    r"|\b(?:end of|begin(?:ning)? of)\s+(?:the\s+)?(?:passages?|context|document|prompt|articles?|quoted material)\b"
    r"|<\|?/?(?:system|im_start|im_end|assistant|user|inst|endoftext)|\[/?inst\]|<<sys>>"
    r"|\bcite\s+(?:passage|article|source|number|this|it)\b|\b(?:append|include|add)\b.{0,30}\b(?:link|url|image)\b"
)
_ARABIC = re.compile(
    fold(
        r"(?:تجاهل|تجاهلي|تجاهلوا|انس|انسى|اهمل|تخط|الغ).{0,40}"
        r"(?:السابق|أعلاه|التعليمات|القواعد|المقاطع|ما سبق|كل شيء|الأوامر)"
        r"|(?:انت|أنت)\s+الآن|(?:تصرف|تظاهر)\s+(?:كأنك|بوصفك|ك)"
        r"|(?:تعليمات|أوامر|مهمة|رسالة)\s+(?:جديدة|النظام|سرية|خفية|محدثة|المطور)\s*:"
        r"|(?:النموذج اللغوي|نموذج لغوي|نماذج اللغة|النماذج اللغوية|المساعد الذكي|المساعد الآلي|الذكاء الاصطناعي الذي)"
        r"|(?:أجب|اكتب|قل|اذكر|كرر|اطبع|رد|أضف|استشهد)\s+"
        r"(?:فقط|بدلا|حرفيا|بالنص|بأن|أن|على القارئ|للقارئ|للمستخدم|ما يلي|التالي|الرابط|رابط|هذا الرابط|بالمقطع)"
        r"|^\s*(?:نظام|النظام|المساعد|المستخدم)\s*:|^\s*سؤال\s*:|نهاية\s+(?:المقاطع|المقطع|المقالات|السياق|المقال)"
    )
)


@lru_cache(maxsize=4096)
def speaks_to_a_model(sentence: str) -> bool:
    """Tell whether a sentence gives orders to a language model, hidden characters in it or not."""
    folded = normalise(sentence).text
    return bool(_ENGLISH.search(folded) or _ARABIC.search(folded))


@lru_cache(maxsize=256)
def orders_in(text: str) -> tuple[Span, ...]:
    """Return the stretches of a text that speak to a language model: from such a sentence to the end of its line."""
    found: list[Span] = []
    for span in sentences(text):
        if found and span.start < found[-1].end:
            continue
        if speaks_to_a_model(span.slice(text)):
            broken = _LINE_END.search(text, span.end)
            found.append(Span(span.start, broken.start() if broken else len(text)))
    return tuple(found)


def is_ordered(text: str, place: Span) -> bool:
    """Tell whether a place of a text lies where it speaks to a language model."""
    return any(span.start < place.end and place.start < span.end for span in orders_in(text))


def for_readers(text: str) -> str:
    """Return a text with the stretches that speak to a language model replaced by an ellipsis."""
    pieces, done = [], 0
    for span in orders_in(text):
        pieces += [text[done : span.start], "…"]
        done = span.end
    return "".join(pieces) + text[done:]
