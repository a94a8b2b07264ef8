"""The words of the interface itself, in English and Arabic; an answer's language chooses between them."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from index.article import Filters
from qa import wording
from qa.answer import Reason, Verdict


@dataclass(frozen=True, slots=True)
class Counted:
    """A noun as numbers take it, in the plural categories of CLDR; `{}` stands where the number goes.

    A form that is left out is that of `other`.
    """

    other: str
    zero: str = ""
    one: str = ""
    two: str = ""
    few: str = ""
    many: str = ""

    def of(self, number: int, language: str) -> str:
        """Say so many, such as "3 articles"."""
        from babel import Locale

        form = getattr(self, Locale.parse(language).plural_form(number)) or self.other
        return str(form).format(f"{number:,}")


@dataclass(frozen=True, slots=True)
class Words:
    """Every phrase Khabar adds of its own. `{}` stands where a number, a name or a date goes."""

    language: str
    direction: str
    comma: str
    show_quote: str
    also: str
    outlets: str
    copies: str
    closest: str
    untitled: str
    unknown_source: str
    undated: str
    searched_all: str
    searched: str
    in_language: str
    from_source: str
    in_category: str
    after: str
    before: str
    empty: str
    fill: str
    live: str
    widen_filters: str
    rephrase: str
    add_more: str
    searching: str
    reading: str
    writing: str
    evidence: str
    evidence_hint: str
    newer_revision: str
    withdrawn: str
    forgotten: str
    open_original: str
    latest: str
    articles: Counted
    passages: Counted
    example: str
    welcome: str
    welcome_hint: str
    question: str
    filters: str
    language_filter: str
    source_filter: str
    category_filter: str
    after_filter: str
    before_filter: str
    failed: str
    verified: str
    sentence_verified: str
    sentence_unsupported: str
    sentence_unchecked: str

    def checked(self, verdict: Verdict) -> str:
        """Say what checking a sentence that a chat model wrote came to."""
        return {
            Verdict.VERIFIED: self.sentence_verified, Verdict.UNSUPPORTED: self.sentence_unsupported,
            Verdict.UNCHECKED: self.sentence_unchecked,
        }[verdict]  # fmt: skip

    def day(self, day: date | None) -> str:
        """Write a date as answers do, such as "28 September 2025"; None is said to be undated."""
        return wording.day(wording.words_for(self.language), day) if day else self.undated

    def holds(self, articles: int, passages: int) -> str:
        """Say what a library holds, such as "3 articles · 1 passage"."""
        return f"{self.articles.of(articles, self.language)} · {self.passages.of(passages, self.language)}"

    def stage(self, stage: str) -> str:
        """Say what a step of answering does; an unknown step counts as searching."""
        return {"reading": self.reading, "writing": self.writing}.get(stage, self.searching)

    def advice(self, reason: Reason | None, filters: Filters) -> tuple[str, ...]:
        """Say what to try next, one sentence each."""
        if reason is Reason.EMPTY_LIBRARY:
            return (self.live,)
        return (*((self.widen_filters,) if filters else ()), self.rephrase, self.add_more)

    def language_name(self, code: str) -> str:
        """Name a language, such as "Arabic" for "ar"; an unknown code stays as it is."""
        from babel import Locale, UnknownLocaleError

        try:
            return Locale.parse(code).get_language_name(self.language) or code
        except (UnknownLocaleError, ValueError):
            # Articles may state anything as their language.
            return code

    def filter_label(self, field: str, value: str) -> str:
        """Name one value of a filter, such as "source Rafidain Wire"; days are given as YYYY-MM-DD."""
        if field in ("after", "before"):
            # A day that is none is shown as it was given.
            with suppress(ValueError):
                value = self.day(date.fromisoformat(value))
        if field == "language":
            value = self.language_name(value)
        labels = {
            "language": self.in_language, "source": self.from_source, "category": self.in_category,
            "after": self.after, "before": self.before,
        }  # fmt: skip
        return labels[field].format(value)

    def scope(self, reason: Reason | None, filters: Filters) -> str:
        """Say which articles were searched, or "" where there were none."""
        if reason is Reason.EMPTY_LIBRARY:
            return ""
        parts = [
            self.filter_label(name, value) for name in ("language", "source", "category")
            for value in getattr(filters, name)
        ]  # fmt: skip
        days = (("after", filters.after), ("before", filters.before))
        parts += [self.filter_label(name, day.isoformat()) for name, day in days if day]
        return self.searched.format(self.comma.join(parts)) if parts else self.searched_all


ENGLISH = Words(
    language="en",
    direction="ltr",
    comma=", ",
    show_quote="Show this quote in its article",
    also="Also found",
    outlets="Carried by {} outlets: {}",
    copies="Other articles with the same text: {}",
    closest="The closest articles",
    untitled="Untitled article",
    unknown_source="Source not given",
    undated="no date",
    searched_all="All articles in the library were searched.",
    searched="Only part of the library was searched: {}.",
    in_language="language {}",
    from_source="source {}",
    in_category="section {}",
    after="from {} on",
    before="up to {}",
    empty="The library is empty: there is nothing to answer from yet.",
    fill="Add articles with “khabar index FOLDER”.",
    live="The chat sees new articles at once, with no restart.",
    widen_filters="Remove a filter, or widen the dates.",
    rephrase="Name the person, place or event you mean, in English, Arabic or another language.",
    add_more="If another article should say it, add that article with “khabar index”.",
    searching="Searching the articles…",
    reading="Reading the closest passages…",
    writing="Writing the answer…",
    evidence="Evidence",
    evidence_hint="Press a number such as [1] in an answer: its article opens here, at the quoted words.",
    newer_revision="The article has changed since. This is the version the answer was read from.",
    withdrawn="This article has been withdrawn from the library since the answer was given.",
    forgotten="The server no longer holds this answer. Ask the question again.",
    open_original="Open the original",
    latest="Latest articles",
    articles=Counted("{} articles", one="{} article"),
    passages=Counted("{} passages", one="{} passage"),
    example="What is said about “{}”?",
    welcome="Ask about the news",
    welcome_hint="Ask in English, Arabic or another language. Every answer quotes its article word for word.",
    question="Ask a question…",
    filters="Filters",
    language_filter="Language",
    source_filter="Source",
    category_filter="Section",
    after_filter="From",
    before_filter="Up to",
    failed="Something went wrong on the server; its log says what. Ask again.",
    verified="Written by a chat model; checked against its sources: {}% of the sentences",
    sentence_verified="✓ verified:",
    sentence_unsupported="✗ not supported:",
    sentence_unchecked="? not checked:",
)  # fmt: skip

ARABIC = Words(
    language="ar",
    direction="rtl",
    comma="، ",
    show_quote="اعرض هذا الاقتباس في مقاله",
    also="وُجد أيضًا",
    outlets="عدد الوسائل التي نشرته {}: {}",
    copies="مقالات أخرى بالنص نفسه: {}",
    closest="أقرب المقالات",
    untitled="مقال بلا عنوان",
    unknown_source="المصدر غير مذكور",
    undated="بلا تاريخ",
    searched_all="جرى البحث في كل مقالات المكتبة.",
    searched="جرى البحث في جزء من المكتبة فقط: {}.",
    in_language="اللغة {}",
    from_source="المصدر {}",
    in_category="القسم {}",
    after="من {} فصاعدًا",
    before="حتى {}",
    empty="المكتبة فارغة: لا شيء يُجاب منه بعد.",
    fill="أضف مقالات بالأمر «khabar index FOLDER».",
    live="ترى المحادثة المقالات الجديدة فورًا من غير إعادة تشغيل.",
    widen_filters="أزل أحد المرشحات أو وسّع مدى التواريخ.",
    rephrase="سمِّ الشخص أو المكان أو الحدث المقصود، بالعربية أو الإنجليزية أو لغة أخرى.",
    add_more="إن كان الجواب في مقال آخر فأضفه بالأمر «khabar index».",
    searching="جارٍ البحث في المقالات…",
    reading="جارٍ قراءة أقرب المقاطع…",
    writing="جارٍ كتابة الجواب…",
    evidence="الدليل",
    evidence_hint="اضغط رقمًا مثل [1] في أحد الأجوبة فيُفتح هنا المقال الذي جاء منه عند الكلمات المقتبسة.",
    newer_revision="تغيّر المقال بعد ذلك. هذه هي النسخة التي قُرئ منها الجواب.",
    withdrawn="سُحب هذا المقال من المكتبة بعد إعطاء الجواب.",
    forgotten="لم يعد هذا الجواب محفوظًا في الخادم. اطرح السؤال مرة أخرى.",
    open_original="افتح الأصل",
    latest="أحدث المقالات",
    articles=Counted(
        "{} مقال", zero="لا مقالات", one="مقال واحد", two="مقالان", few="{} مقالات", many="{} مقالًا"
    ),
    passages=Counted(
        "{} مقطع", zero="لا مقاطع", one="مقطع واحد", two="مقطعان", few="{} مقاطع", many="{} مقطعًا"
    ),
    example="ماذا قيل عن «{}»؟",
    welcome="اسأل عن الأخبار",
    welcome_hint="اسأل بالعربية أو الإنجليزية أو لغة أخرى. كل جواب يقتبس مقاله حرفًا بحرف.",
    question="اطرح سؤالًا…",
    filters="مرشحات",
    language_filter="اللغة",
    source_filter="المصدر",
    category_filter="القسم",
    after_filter="من",
    before_filter="حتى",
    failed="حدث خطأ في الخادم، وسجلّه يبيّنه. اسأل مرة أخرى.",
    verified="كتبه نموذج محادثة، وتُحقق من مصادر {}٪ من جمله",
    sentence_verified="✓ متحقق منها:",
    sentence_unsupported="✗ بلا سند:",
    sentence_unchecked="؟ لم يُتحقق منها:",
)  # fmt: skip


def words_for(language: str) -> Words:
    """Return the Arabic words for "ar", the English ones for any other language."""
    return ARABIC if language == "ar" else ENGLISH
