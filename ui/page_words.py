"""The words of the browser page alone, in English and Arabic."""

from dataclasses import dataclass

from index.feedback import Verdict


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
    library: str
    history: str
    history_note: str
    no_history: str
    untitled_chat: str
    questions: str
    rename: str
    rename_ask: str
    export: str
    forget: str
    forget_ask: str
    good: str
    right: str
    bad: str
    noted: str
    wrong_source: str
    wrong_sentence: str
    should_abstain: str
    current_version: str
    loading: str
    growing: str
    offline: str
    asked: str
    choose_day: str
    help_note: str
    translate: str
    translating: str
    translated: str
    doubtful: str
    not_translated: str
    copy_link: str
    link_copied: str
    link_ask: str
    shared: str
    unshared: str
    ask_own: str
    not_shared: str

    def verdict(self, verdict: Verdict) -> str:
        """Say what a reader thought of an answer."""
        return {
            Verdict.GOOD: self.right, Verdict.WRONG_SOURCE: self.wrong_source,
            Verdict.WRONG_SENTENCE: self.wrong_sentence, Verdict.SHOULD_ABSTAIN: self.should_abstain,
        }[verdict]  # fmt: skip


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
    library="Library",
    history="History",
    history_note="Kept in this browser only, answers and evidence as they were shown.",
    no_history="Nothing has been asked in this browser yet.",
    untitled_chat="Untitled conversation",
    questions="questions: {}",
    rename="Rename",
    rename_ask="The conversation's new name:",
    export="Save as {}",
    forget="Delete",
    forget_ask="Delete this conversation from this browser?",
    good="Right answer",
    right="right answer",
    bad="Something is wrong",
    noted="Noted: {}.",
    wrong_source="wrong source",
    wrong_sentence="wrong sentence",
    should_abstain="should have said that the articles don't say",
    current_version="Show the current version",
    loading="The model is being loaded: the first answer takes longer.",
    growing="Articles are being added.",
    asked="Your question:",
    choose_day="Choose a day",
    help_note="Marked words met each other; spellings in Latin letters are by rule. Neither is evidence.",
    offline="The server does not answer. The page goes on by itself when it is back.",
    translate="Translate into {}",
    translating="Being translated…",
    translated="Translated into {} by {}. This is not evidence: the quote is.",
    doubtful="Not in the quote, so doubtful: {}",
    not_translated="The chat model could not translate this quote: {}. Press the button to try again.",
    copy_link="Copy link",
    link_copied="Link copied",
    link_ask="The link to this answer:",
    shared="An answer that was shared on {}, with its evidence as it was then. It is not answered anew.",
    unshared="No answer is kept under this link: it is cut off or misspelt, or older than a year. "
    "Ask for it again, or ask the question here.",
    ask_own="Ask a question of your own",
    not_shared="This answer cannot be shared: it was not given here, or by an earlier version. Ask the question again.",
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
    library="المكتبة",
    history="السجل",
    history_note="محفوظ في هذا المتصفح وحده، الأجوبة وأدلتها كما عُرضت.",
    no_history="لم يُسأل شيء في هذا المتصفح بعد.",
    untitled_chat="محادثة بلا عنوان",
    questions="الأسئلة: {}",
    rename="غيّر الاسم",
    rename_ask="الاسم الجديد للمحادثة:",
    export="احفظ بصيغة {}",
    forget="احذف",
    forget_ask="أتحذف هذه المحادثة من هذا المتصفح؟",
    good="جواب صحيح",
    right="جواب صحيح",
    bad="فيه خطأ",
    noted="سُجّل: {}.",
    wrong_source="المصدر خطأ",
    wrong_sentence="الجملة خطأ",
    should_abstain="كان يجب القول إن المقالات لا تذكر ذلك",
    current_version="اعرض النسخة الحالية",
    loading="يجري تحميل النموذج: الجواب الأول يستغرق وقتًا أطول.",
    growing="تُضاف مقالات الآن.",
    asked="سؤالك:",
    choose_day="اختر يومًا",
    help_note="الكلمات المعلَّمة تقابلت، والكتابة باللاتينية آلية. ليس أي منهما دليلًا.",
    offline="الخادم لا يجيب. تتابع الصفحة وحدها حين يعود.",
    translate="ترجم إلى {}",
    translating="تجري الترجمة…",
    translated="ترجمة إلى {} كتبها {}. ليست دليلًا، فالدليل هو الاقتباس.",
    doubtful="ليس في الاقتباس، فهو موضع شك: {}",
    not_translated="تعذّر على نموذج المحادثة ترجمة هذا الاقتباس: {}. اضغط الزر للمحاولة مرة أخرى.",
    copy_link="انسخ الرابط",
    link_copied="نُسخ الرابط",
    link_ask="رابط هذا الجواب:",
    shared="جواب شورك في {} مع أدلته كما كانت حينها. لم يُجب عنه من جديد.",
    unshared="لا جواب محفوظ تحت هذا الرابط: إما أنه ناقص أو فيه خطأ وإما أنه أقدم من سنة. "
    "اطلب الرابط من جديد أو اطرح السؤال هنا.",
    ask_own="اطرح سؤالًا من عندك",
    not_shared="لا يمكن مشاركة هذا الجواب: لم يُعط هنا، أو أعطته نسخة سابقة. اطرح السؤال مرة أخرى.",
)


def page_words_for(language: str) -> PageWords:
    """Return the Arabic words for "ar", the English ones for any other language."""
    return ARABIC if language == "ar" else ENGLISH
