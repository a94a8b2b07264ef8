"""Speakers as Arabic writes them: a title and what belongs to it, a name, an institution."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from index.folding import Span, fold, word_set
from qa.reporting import Form, arabic_verb
from qa.titles import PARTICLES, Noun, arabic_noun

_TOKEN = re.compile(r"(?:[^\W_]|[\u064b-\u065f\u0670\u0610-\u061a])+(?:['’][^\W\d_]+)*|\.{2,}|[^\w\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
OPENING = frozenset("\"“«„”'‘")
CLOSING = frozenset("\"”»“'’")
_LONGEST_NAME = 5

_ON = frozenset(("على", "وعلى"))
THAT = word_set(fold("أن إن أنه إنه أنها إنها أنهم إنهم بأن بأنه بأنها أنّ إنّ أنني إنني أننا إننا بأنهم بالقول أنهما انهما"))
DAYS = word_set(fold("الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد اليوم أمس يوم مساء ظهر عشية ليلة فجر صبيحة أول"))
_PREPOSITIONS = _ON | word_set(fold("في عن من إلى مع بعد قبل خلال عقب أثناء حول ضد منذ حتى لدى عند بين أمام داخل خارج تحت فوق دون مقابل ضمن إثر رفقة"))
_FUNCTION = THAT | DAYS | _PREPOSITIONS | word_set(
    fold(
        "كما حيث الذي التي الذين اللذين اللتين أيضا كذلك بدوره بدورها بدورهم قد لقد لم لن لا ما هذا هذه ذلك تلك هؤلاء هو هي هم وهو وهي كل "
        "غير أي أو ثم لكن بل إذا لو بسبب بشأن بخصوص عبر حسب بحسب وفق وفقا طبقا بمناسبة ل لـ ب ك و خاصة مثل نحو صحبة مؤخرا نقلا لأن لأنه الآن الله "
        "فقد كان كانت يكون تكون تم يتم ليس ليست فيما بينما لما مما عما بعدما عندما حين حينما اذ إذ إلا سوى فقط جدا حاليا سابقا لاحقا هنا هناك "
        "به بها عنه عنها فيه فيها له لها لهم منه منها عليه عليها إليه إليها معه معها خلاله خلالها صبيحة الماضي الجاري القادم المقبل إنما "
        "ايضا مجددا بوضوح صراحة رسميا وسط تجاه إزاء ضيفا ضيفة مشترك اثناء قائلا قائلة باعتبار رغم وذلك وقد وكان وكانت وأن وإن وأنه وأنها فإن"
    )
)
# What is said, not who says it: the object of "أكد" or "أعلن" where a name could stand.
_MATTERS = word_set(
    fold(
        "ضرورة أهمية وجود حرص حرصه حرصها استعداد استعداده دعم دعمه عدم رفض رفضه مقتل وفاة ارتفاع انخفاض تراجع زيادة تسجيل انطلاق استمرار "
        "إمكانية حاجة إصابة تعرض قرب إلغاء تأجيل إيقاف اعتقال حجز ضبط تفكيك توقيف إحباط خطورة عمق متانة تمسك تمسكه التزام التزامه قدرة دور حق "
        "حقيقة صحة نجاح فشل تفاصيل رغبة ثقة ثقته ارتياح ارتياحه قلق قلقه أسف أسفه حزنه استغراب استغرابه موقف نية عزم عزمه مسؤولية قرار اتفاق "
        "أمله تقديره شكره ترحيبه إدانته تضامنه تقدم تعيين استقالة إقالة فوز خسارة عودة مغادرة سفر زيارة فتح غلق إغلاق بدء نهاية تنظيم قانون "
        "قائمة عدد نسبة أسباب سبب نتيجة خبر أخبار كيفية مدى أول آخر أكثر أقل كون حالة وضع عملية عمليات تحسن تطور تنفيذ تطبيق إجراء إعادة تعزيز "
        "تطوير إنشاء إحداث انتهاء تسليم اختيار تغيير تأييد تأييده اعتماد احترام مواصلة العمل التعاون توفير تخصيص تعليق تدمير سقوط هجوم حادث "
        "انفجار مسؤوليتها مسؤوليته تبني صدور حصول اندلاع اكتشاف عثور أبرز جملة مجمل أهم جميع مختلف عديد بعض شيئا أمرا أنباء"
    )
)
_OPEN = word_set(fold("داخلية خارجية مالية دفاع عدل صحة تربية ثقافة إعلام نقل تجارة سياحة فلاحة صناعة تشغيل أركان عام تحرير شؤون أمن حرس أول كبير كبيرة ديوان قسم شعبة فرع خلية مدينة مقاطعة إقليم منطقة حي بن فريق كبار"))
_EVENTS = word_set(
    fold(
        "تصريح تصريحات بيان حديث مؤتمر كلمة كلمته كلمتها تدوينة تغريدة حوار اتصال مقابلة لقاء ندوة ختام افتتاح بلاغ رسالة مداخلة مداخلته خطاب "
        "تعليق رد رده حسابه حسابها صفحته صفحتها برنامج هذا هذه ذات نفس وقت حين إطار سياق تقرير حوارها حواره تصريحه تصريحها تصريحاته حديثه حديثها"
    )
)
_AUDIENCE = word_set(
    fold("وكالة قناة إذاعة صحيفة موقع جريدة مراسل مراسلنا مراسلة مراسلتنا صحفيين صحافيين صحافة شبكة تلفزيون تلفزة برنامج مجلة جزيرة جوهرة راديو رويترز")
)
_WITH_IN = word_set(fold("قيادي عضو خبير باحث أستاذ محلل مسؤول نائب سفير مختص مستشار قيادية نائبة باحثة أستاذة خبيرة مصدر طبيب مهندس ناشط طالب طالبة عامل مدير مراسل ممثل مسؤولة كاتب لاعب وزير"))
# Speakers who stay without a name.
_NAMELESS = word_set(fold("مصدر مصادر المصدر المصادر رجل رجال أعوان شهود الشهود أهالي سكان"))
# A title that is the first part of a surname.
_COMPOUNDS = frozenset({("قايد", "السبسي")})
_ALONE = word_set(fold("ذات نفس"))
_SAME = word_set(fold("نفسه نفسها ذاته ذاتها"))
_SOME = word_set(fold("أحد إحدى بعض عدة عدد"))


class Kind(StrEnum):
    """What a speaker is called by: a name, a title alone, an institution, or "the same"."""

    PERSON = "person"
    TITLE = "title"
    INSTITUTION = "institution"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark of the text, folded."""

    start: int
    end: int
    folded: str
    word: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """A speaker mentioned by `tokens[first:last]`; `name` and `role` are spans of the text."""

    kind: Kind
    name: Span
    role: Span | None
    first: int
    last: int
    gender: str = ""
    sure: bool = True


def tokenise(text: str, span: Span) -> tuple[Token, ...]:
    """Cut a span of the text into words and marks."""
    return tuple(
        Token(match.start(), match.end(), folded, folded[:1].isalnum())
        for match in _TOKEN.finditer(text, span.start, span.end)
        if (folded := _folded(match.group()))
    )


@lru_cache(maxsize=1 << 15)
def _folded(word: str) -> str:
    # Folding makes one word of the preposition and of the name "علي", which is spelt with a yeh.
    return word if word in _ON else fold(word)


def mention_at(tokens: Sequence[Token], at: int, prefix: int = 0) -> Mention | None:
    """Read a mention that begins at a token; `prefix` letters of it are a preposition."""
    if at >= len(tokens):
        return None
    opened = tokens[at].folded in OPENING
    if opened:
        return _quoted_name(tokens, at)
    if not tokens[at].word:
        return None
    folded = head_of(tokens[at].folded, prefix)
    if folded in _ALONE and at + 1 < len(tokens):
        noun = arabic_noun(tokens[at + 1].folded)
        if noun.title or noun.institution:
            return Mention(Kind.SAME, _span(tokens, at, at + 2), None, at, at + 2, noun.gender)
    if folded in _SOME:
        return _some(tokens, at)
    noun = arabic_noun(folded)
    if noun.title and not _is_name_here(tokens, at, noun):
        return _titled(tokens, at, noun, prefix)
    if noun.institution and not noun.given_name:
        return _institution(tokens, at, noun, prefix)
    if noun.place:
        return Mention(Kind.INSTITUTION, _span(tokens, at, at + 1, prefix), None, at, at + 1)
    return _named(tokens, at, prefix)


def name_end(tokens: Sequence[Token], at: int, prefix: int = 0) -> int:
    """Return where the personal name that begins at a token ends, `at` itself when none can begin there."""
    i, parts = at, 0
    while i < len(tokens) and parts < _LONGEST_NAME:
        token = tokens[i]
        folded = head_of(token.folded, prefix) if i == at else token.folded
        if token.folded == "-" and at < i < len(tokens) - 1 and tokens[i - 1].end == token.start:
            i += 1
            continue
        if not token.word or _ends_name(tokens, i, at, folded):
            break
        parts += folded not in PARTICLES
        i += 1
    while i > at and (tokens[i - 1].folded in ("بن", "ابن", "بو", "-") or not tokens[i - 1].word):
        i -= 1
    return i


def can_name(folded: str) -> bool:
    """Tell whether a folded word may begin a personal name."""
    noun = arabic_noun(folded)
    if noun.given_name:
        return True
    verb = arabic_verb(folded)
    return not (
        (len(folded) < 3
        and folded not in PARTICLES)
        or folded in _FUNCTION
        or folded in _MATTERS
        or folded[:1].isdigit()
        or folded.startswith(("لل", "بال", "وال", "فال"))
        or (verb is not None and (not verb.doubtful or verb.form is Form.WITH_OBJECT or folded.endswith("ا")))
        or (folded[0] == "ل" and folded.endswith("ه"))
        or (folded[0] in "وف" and (folded[1:] in _FUNCTION or folded[1:] in _MATTERS))
        or (folded.endswith(("ين", "ون", "ات", "تين")) and noun.definite)
        or (folded[0] in "لب" and _known(arabic_noun(folded[1:])))
    )


def is_definite_end(folded: str) -> bool:
    """Tell whether a word closes a name: a surname with the article."""
    noun = arabic_noun(folded)
    return noun.definite and not noun.given_name


def is_function(folded: str) -> bool:
    """Tell whether a folded word is a function word or a word of time."""
    return folded in _FUNCTION


def is_matter(folded: str) -> bool:
    """Tell whether a folded word names what is said, not who says it."""
    return folded in _MATTERS


def _ends_name(tokens: Sequence[Token], i: int, at: int, folded: str) -> bool:
    if i == at:
        return not can_name(folded)
    noun = arabic_noun(folded)
    before = tokens[i - 1].folded
    if (noun.given_name and not noun.title) or folded in PARTICLES:
        return False
    if noun.title and i + 1 < len(tokens) and (folded, tokens[i + 1].folded) in _COMPOUNDS:
        return False
    if noun.given_name and _is_name_here(tokens, i, noun):
        return False
    if folded in _FUNCTION or folded in _MATTERS or folded[0].isdigit():
        return True
    verb = arabic_verb(folded)
    if verb is not None and not (verb.doubtful and verb.form is not Form.PARTICIPLE):
        return True
    if before in PARTICLES:
        return False
    if folded.startswith("بال") and i == at + 1 and arabic_noun(before).given_name:
        return not (_announces(tokens, i + 1) or i + 1 < len(tokens) and arabic_noun(tokens[i + 1].folded).title)
    if (noun.title or noun.institution) or folded.startswith(("لل", "بال", "كال", "وال")):
        return True
    if noun.definite and folded.endswith(("ات", "يره", "يده")):
        return True
    if folded[0] in "لبوف" and len(folded) > 3 and (_known(arabic_noun(folded[1:])) or arabic_noun(folded[1:]).given_name):
        return True
    return is_definite_end(before) and not noun.definite and not _announces(tokens, i + 1)


def _announces(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether what is said begins at a token."""
    return at < len(tokens) and (tokens[at].folded in THAT or tokens[at].folded in ("،", ":"))


def _known(noun: Noun) -> bool:
    return noun.title or noun.institution or noun.place or noun.definite


def head_of(folded: str, prefix: int) -> str:
    """Return a folded word without the preposition "ل" that is its first letter when `prefix` is 1."""
    if not prefix:
        return folded
    return "ال" + folded[2:] if folded.startswith("لل") else folded[prefix:]


def _span(tokens: Sequence[Token], first: int, last: int, prefix: int = 0) -> Span:
    start = tokens[first].start
    return Span(start + (0 if tokens[first].folded.startswith("لل") else prefix), tokens[last - 1].end)


def _is_name_here(tokens: Sequence[Token], at: int, noun: Noun) -> bool:
    """Tell "أمين محفوظ", a name, from "أمين عام", a title."""
    if not noun.given_name or noun.definite:
        return False
    if at + 1 >= len(tokens) or not tokens[at + 1].word:
        return True
    after = arabic_noun(tokens[at + 1].folded)
    return not (after.institution or after.place or tokens[at + 1].folded in _OPEN) and (
        not after.definite or at + 2 >= len(tokens) or not arabic_noun(tokens[at + 2].folded).definite
    )


def _some(tokens: Sequence[Token], at: int) -> Mention | None:
    """Read "أحد المسؤولين", "عدد من الخبراء"."""
    begin = at + 1 + (at + 1 < len(tokens) and tokens[at + 1].folded == "من")
    if begin >= len(tokens):
        return None
    noun = arabic_noun(tokens[begin].folded)
    if not (noun.title or noun.institution):
        return None
    end = _description_end(tokens, begin, noun)
    return Mention(Kind.TITLE, _span(tokens, at, end), None, at, end)


def _titled(tokens: Sequence[Token], at: int, noun: Noun, prefix: int) -> Mention:
    end = _description_end(tokens, at, noun, prefix)
    role = _span(tokens, at, end, prefix)
    name = None if noun.gender == "p" or head_of(tokens[at].folded, prefix) in _NAMELESS else _name_after(tokens, end)
    if name is not None:
        return Mention(Kind.PERSON, name.name, role, at, name.last, noun.gender)
    if end < len(tokens) and tokens[end].folded in _SAME:
        return Mention(Kind.SAME, _span(tokens, at, end + 1), None, at, end + 1, noun.gender)
    return Mention(Kind.TITLE, role, None, at, end, noun.gender)


def _name_after(tokens: Sequence[Token], at: int) -> Mention | None:
    """Read the name that follows a title, at once, in quotation marks, or between commas."""
    if at >= len(tokens):
        return None
    if tokens[at].folded in OPENING:
        return _quoted_name(tokens, at)
    if tokens[at].word:
        end = name_end(tokens, at)
        return _person(tokens, at, end) if end > at else None
    if tokens[at].folded not in "،," or at + 2 >= len(tokens):
        return None
    inner = tokens[at + 1].folded
    noun = arabic_noun(inner)
    if noun.title and not _is_name_here(tokens, at + 1, noun):
        ranked = _titled(tokens, at + 1, noun, 0)
        return ranked if ranked.kind is Kind.PERSON else None
    end = name_end(tokens, at + 1)
    if end == at + 1:
        return _quoted_name(tokens, at + 1)
    closed = end >= len(tokens) or not tokens[end].word or is_function(tokens[end].folded)
    likely = noun.given_name or inner in PARTICLES or (closed and end - at > 2)
    return _person(tokens, at + 1, end) if likely or (closed and noun.definite) else None


def _quoted_name(tokens: Sequence[Token], at: int) -> Mention | None:
    """Read a name that stands in quotation marks, as foreign names do."""
    if at + 2 >= len(tokens) or tokens[at].folded not in OPENING:
        return None
    end = name_end(tokens, at + 1)
    if end == at + 1 or end >= len(tokens) or tokens[end].folded not in CLOSING:
        return None
    return Mention(Kind.PERSON, _span(tokens, at + 1, end), None, at, end + 1)


def _person(tokens: Sequence[Token], at: int, end: int) -> Mention:
    return Mention(Kind.PERSON, _span(tokens, at, end), None, at, end)


def _institution(tokens: Sequence[Token], at: int, noun: Noun, prefix: int) -> Mention:
    end = _description_end(tokens, at, noun, prefix, institution=True)
    if end < len(tokens) and tokens[end].folded in _SAME:
        return Mention(Kind.SAME, _span(tokens, at, end + 1), None, at, end + 1, noun.gender)
    return Mention(Kind.INSTITUTION, _span(tokens, at, end, prefix), None, at, end, noun.gender)


def _named(tokens: Sequence[Token], at: int, prefix: int) -> Mention | None:
    """Read a name with no title before it, and the title that may follow it."""
    end = name_end(tokens, at, prefix)
    if end == at:
        return None
    folded = head_of(tokens[at].folded, prefix)
    noun = arabic_noun(folded)
    name, role, last = _span(tokens, at, end, prefix), None, end
    follows = end + (end < len(tokens) and tokens[end].folded in ("،", ","))
    if follows < len(tokens) and tokens[follows].word:
        after = arabic_noun(tokens[follows].folded)
        if after.title and not after.given_name:
            last = _description_end(tokens, follows, after)
            role = _span(tokens, follows, last)
    return Mention(Kind.PERSON, name, role, at, last, "", noun.given_name or folded in PARTICLES or role is not None)


@dataclass(slots=True)
class _Description:
    """How far a title's description has been read: whether it could end here, and what came last."""

    end: int
    complete: bool
    head: str
    institution: bool
    last_institution: bool
    definite_head: bool
    unknown: int = 0
    bodies: int = 0


def _description_end(
    tokens: Sequence[Token], at: int, noun: Noun, prefix: int = 0, *, institution: bool = False
) -> int:
    """Return where a title or institution and all that belongs to it ends: genitives, adjectives, "باسم …"."""
    head = head_of(tokens[at].folded, prefix).removeprefix("ال")
    state = _Description(at + 1, noun.definite, head, institution, noun.institution, noun.definite)
    while state.end < len(tokens):
        token = tokens[state.end]
        step = _word_step(tokens, state) if token.word else _mark_step(tokens, state)
        if not step:
            break
        state.end += step
    while state.end > at + 1 and (not tokens[state.end - 1].word and tokens[state.end - 1].folded not in CLOSING | {")"}):
        state.end -= 1
    return state.end


def _mark_step(tokens: Sequence[Token], state: _Description) -> int:
    """Return how many tokens of a quoted or bracketed part, or a joining mark, belong to the description."""
    i, mark = state.end, tokens[state.end].folded
    if mark in ("/", "-") and i + 1 < len(tokens) and tokens[i + 1].word and tokens[i - 1].end == tokens[i].start:
        return 2
    if mark in OPENING and (state.last_institution or not state.complete):
        return _enclosed(tokens, i, CLOSING, state)
    if mark == "(" and state.last_institution and state.institution:
        return _enclosed(tokens, i, frozenset(")"), state)
    return 0


def _enclosed(tokens: Sequence[Token], i: int, closing: frozenset[str], state: _Description) -> int:
    for j in range(i + 2, min(i + 8, len(tokens))):
        if tokens[j].folded in closing:
            state.complete, state.last_institution = True, False
            return j - i + 1
    return 0


def _word_step(tokens: Sequence[Token], state: _Description) -> int:
    """Return how many tokens, from a word on, belong to the description; 0 where it ends."""
    folded = tokens[state.end].folded
    noun = arabic_noun(folded)
    if folded == "باسم":
        state.complete, state.last_institution = False, False
        return 1
    if folded == "من" and state.institution and state.end + 2 < len(tokens) and tokens[state.end + 1].folded == "اجل":
        return 3
    if folded in ("في", "عن", "لدي"):
        return _prepositional_step(tokens, state, folded)
    if _starts_name(tokens, state, noun):
        return 0
    if noun.definite or noun.place or noun.title or noun.institution or (folded in _OPEN and not folded.startswith("بن")):
        # A body's name after a complete description is another noun: "دعا حزب العمال النيابة إلى …".
        if folded in DAYS or (state.complete and noun.definite and noun.institution and not folded.endswith("يه")):
            return 0
        state.complete = noun.definite or noun.place
        state.last_institution = noun.institution
        state.bodies += noun.institution
        state.definite_head = state.definite_head or state.complete
        return 1
    if not state.definite_head and folded.endswith(("ي", "يه")) and not noun.given_name and state.unknown < 3 and can_name(folded):
        state.complete, state.last_institution, state.unknown = True, False, state.unknown + 1
        return 1
    joined = _joined_step(tokens, state, folded)
    if joined or state.complete:
        return joined
    return _unknown_step(tokens, state, folded)


def _starts_name(tokens: Sequence[Token], state: _Description, noun: Noun) -> bool:
    folded = tokens[state.end].folded
    if folded in PARTICLES and folded != "ال":
        return True
    if not noun.given_name or (noun.title and not state.complete):
        return False
    if not noun.definite:
        return state.complete or not state.last_institution
    i = state.end + 1
    return state.complete and i < len(tokens) and tokens[i].word and can_name(tokens[i].folded)


def _prepositional_step(tokens: Sequence[Token], state: _Description, preposition: str) -> int:
    i = state.end + 1
    if i >= len(tokens):
        return 0
    after = tokens[i].folded
    noun = arabic_noun(after)
    if after in _EVENTS or after in DAYS:
        return 0
    if preposition == "في" and not noun.place and (state.institution or state.head not in _WITH_IN):
        return 0
    if not (noun.institution or noun.place or (noun.definite and preposition != "عن")):
        return 0
    state.complete, state.last_institution = noun.definite or noun.place, noun.institution
    return 2


def _joined_step(tokens: Sequence[Token], state: _Description, folded: str) -> int:
    """Take a word with an attached "و", "ل" or "ب" that goes on with the description."""
    rest = "ال" + folded[2:] if folded.startswith("لل") else folded[1:]
    if folded[0] not in "ولب" or len(folded) < 4 or arabic_verb(folded) is not None:
        return 0
    noun = arabic_noun(rest)
    if folded[0] == "ل" and rest.removeprefix("ال") in _AUDIENCE:
        return int(state.bodies > 0 and folded.startswith("لل") and rest.endswith("ين"))
    if folded[0] == "ل" and folded.endswith("ه") and not _known(noun) and state.end + 1 < len(tokens):
        # "لمكافحة الإرهاب"
        state.complete = state.last_institution = False
        return int(arabic_noun(tokens[state.end + 1].folded).definite)
    if folded[0] == "و" and (noun.given_name or not (noun.definite or noun.title)):
        return 0
    if not _known(noun) or rest in DAYS:
        return 0
    if folded[0] == "ب" and not noun.place and (state.institution or not noun.institution):
        return 0
    if noun.title:
        state.head = rest.removeprefix("ال")
    state.complete, state.last_institution = noun.definite or noun.place, noun.institution
    return 1


def _unknown_step(tokens: Sequence[Token], state: _Description, folded: str) -> int:
    """Take the unknown complement of a word that needs one: "شركة سامسونغ", "رئيس نداء تونس"."""
    if not can_name(folded) or state.unknown >= (3 if state.last_institution or state.institution else 1):
        return 0
    state.unknown += 1
    if not (state.last_institution or state.institution):
        state.complete = True
    return 1
