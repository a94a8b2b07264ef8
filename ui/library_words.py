"""The words of the library's tab, in English and Arabic."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LibraryWords:
    """Every phrase of the tab. `{}` stands where a number, a name or a date goes."""

    language: str
    find: str
    add: str
    drop: str
    paste: str
    paste_text: str
    paste_title: str
    paste_source: str
    paste_day: str
    paste_add: str
    found: str
    none: str
    closest: str
    more: str
    chart: str
    month: str
    undated: str
    adding: str
    waiting: str
    added: str
    replaced: str
    unchanged: str
    failed: str
    incomplete: str
    wrong_kind: str
    nothing: str
    remove: str
    remove_ask: str
    removed: str
    revisions: str
    revision: str
    current: str


ENGLISH = LibraryWords(
    language="en",
    find="Search the titles…",
    add="Add articles",
    drop="Text, Markdown, HTML, JSON, JSON Lines or XML files",
    paste="Or paste an article",
    paste_text="Text",
    paste_title="Title",
    paste_source="Source",
    paste_day="Published",
    paste_add="Add the article",
    found="Articles: {}",
    none="No article has this.",
    closest="No title has these words. The closest articles:",
    more="Show more",
    chart="Articles a month, {} to {}",
    month="{}: {}",
    undated="without a date: {}",
    adding="Adding {}…",
    waiting="Another process is writing to the library, or the model is being loaded…",
    added="{} added",
    replaced="{} replaced",
    unchanged="{} as it was",
    failed="not added: {}",
    incomplete="not complete: {}",
    wrong_kind="files of this kind are not read. These are: {}",
    nothing="There is nothing to read in it. Paste the text of the article.",
    remove="Remove from the library",
    remove_ask="Remove this article from the library, with all its revisions?",
    removed="The article has been removed from the library.",
    revisions="Revisions",
    revision="{}, added {}",
    current="current",
)

ARABIC = LibraryWords(
    language="ar",
    find="ابحث في العناوين…",
    add="أضف مقالات",
    drop="ملفات نصية أو Markdown أو HTML أو JSON أو JSON Lines أو XML",
    paste="أو ألصق مقالًا",
    paste_text="النص",
    paste_title="العنوان",
    paste_source="المصدر",
    paste_day="تاريخ النشر",
    paste_add="أضف المقال",
    found="المقالات: {}",
    none="لا مقال فيه هذا.",
    closest="لا عنوان فيه هذه الكلمات. أقرب المقالات:",
    more="اعرض المزيد",
    chart="المقالات في الشهر، من {} إلى {}",
    month="{}: {}",
    undated="بلا تاريخ: {}",
    adding="تجري إضافة {}…",
    waiting="عملية أخرى تكتب في المكتبة، أو يجري تحميل النموذج…",
    added="أُضيف {}",
    replaced="استُبدل {}",
    unchanged="{} كما كان",
    failed="لم يُضف: {}",
    incomplete="غير كامل: {}",
    wrong_kind="لا تُقرأ ملفات من هذا النوع. تُقرأ: {}",
    nothing="لا شيء فيه يُقرأ. ألصق نص المقال.",
    remove="أزله من المكتبة",
    remove_ask="أتزيل هذا المقال من المكتبة بكل نسخه؟",
    removed="أُزيل المقال من المكتبة.",
    revisions="النسخ",
    revision="{}، أُضيفت {}",
    current="الحالية",
)


def library_words_for(language: str) -> LibraryWords:
    """Return the Arabic words for "ar", the English ones for any other language."""
    return ARABIC if language == "ar" else ENGLISH
