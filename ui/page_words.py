"""The words of the browser page alone, in English and Arabic."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageWords:
    """Every phrase of the page that no terminal needs. `{}` stands where a number, a name or a date goes."""

    language: str
    edit: str
    again: str
    stop: str
    stopped: str
    new_chat: str
    editing: str
    cancel: str
    took: str
    step_search: str
    step_read: str
    step_write: str
    used: str
    previous: str
    next: str
    place: str
    copy: str
    copied: str
    close: str
    citations: str
    remove_filter: str
    last_week: str
    last_month: str
    last_year: str
    other_language: str
    chat: str
    views: str


ENGLISH = PageWords(
    language="en",
    edit="Edit the question",
    again="Ask it again",
    stop="Stop",
    stopped="Stopped. Ask it again, or edit the question.",
    new_chat="New chat",
    editing="You are changing a question you asked; its answer will be replaced.",
    cancel="Keep it as it was",
    took="{} s",
    step_search="Searched the articles: {} s",
    step_read="Read the closest passages and checked the quotes: {} s",
    step_write="Wrote the answer: {} s",
    used="Used",
    previous="Previous citation",
    next="Next citation",
    place="{} of {}",
    copy="Copy quote",
    copied="Copied",
    close="Close",
    citations="Citations",
    remove_filter="Remove the filter: {}",
    last_week="Last 7 days",
    last_month="Last 30 days",
    last_year="Last 365 days",
    other_language="العربية",
    chat="Chat",
    views="Views",
)

ARABIC = PageWords(
    language="ar",
    edit="عدّل السؤال",
    again="اسأله مرة أخرى",
    stop="أوقف",
    stopped="أُوقف. اسأل مرة أخرى أو عدّل السؤال.",
    new_chat="محادثة جديدة",
    editing="أنت تعدّل سؤالًا طرحته؛ سيحلّ جواب جديد محل جوابه.",
    cancel="أبقه كما كان",
    took="{} ث",
    step_search="البحث في المقالات: {} ث",
    step_read="قراءة أقرب المقاطع والتحقق من الاقتباسات: {} ث",
    step_write="كتابة الجواب: {} ث",
    used="استُخدم",
    previous="الاقتباس السابق",
    next="الاقتباس التالي",
    place="{} من {}",
    copy="انسخ الاقتباس",
    copied="نُسخ",
    close="أغلق",
    citations="الاقتباسات",
    remove_filter="أزل المرشح: {}",
    last_week="آخر 7 أيام",
    last_month="آخر 30 يومًا",
    last_year="آخر 365 يومًا",
    other_language="English",
    chat="المحادثة",
    views="الأقسام",
)


def page_words_for(language: str) -> PageWords:
    """Return the Arabic words for "ar", the English ones for any other language."""
    return ARABIC if language == "ar" else ENGLISH
