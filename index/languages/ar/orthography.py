"""How Arabic is written: the names of months from the Gulf to Morocco, clitics, numbers, bylines, labels."""

import re
from collections.abc import Mapping

from index.languages.neutral import NeutralOrthography
from index.languages.orthography import CreditWords, DateWords, NumberWords, OutletWords, TimeWords
from index.languages.parts.stemming import stem
from index.text.normalisation import fold, folded_words, valued, word_set
from index.text.scripts import MARKS

_STOP_WORDS = word_set(
    "في من علي الي عن ان انه انها هو هي هم هما نحن انت انا هذا هذه ذلك تلك هولاء اولئك التي الذي الذين اللذين اللتين "
    "اللاتي كان كانت كانوا يكون تكون ليس ليست قد لقد لم لن لا ما ماذا متي اين كيف كم هل لماذا لمن بمن بما مما عما "
    "فيما كما لكن ولكن او ام ثم حيث حين عند عندما بين بعد قبل مع ضد حول خلال منذ حتي اذا اذ لو اما انما كل بعض "
    "غير سوي اي ايه ايضا به بها بهم له لها لهم لنا لي فيه فيها فيهم منه منها منهم عليه عليها عليهم اليه اليها اليهم "
    "عنه عنها عنهم معه معها معهم وهو وهي وهم وان وانه وانها وفي ومن وعلي والي وعن ومع وقد ولم ولا وما وكان وكانت "
    "بان لان لانه لانها بانه بانها كذلك وذلك وهذا وهذه والتي والذي الا يا و ف ب ل ك"
)
# What Arabic alone writes: teh marbuta, the article, and its commonest small words.
_HINTS = re.compile(
    r"ة|\b[وفب]?ال\w\w|\b(?:في|إلى|الى|على|عن|من هو|من هي|ماذا|هل|هذا|هذه|أن|قال|قالت|متى|أين|اين|لماذا|كيف)\b"
)
# Clitics and the article, with three letters at least after them.
_DEFINITE = re.compile("[وف]?(?:ال|بال|كال|(?P<to>لل))(?=...)")
_CLITICS = frozenset("وفبلك")
_ARTICLE = "ال"
# A hamza on an alef shows that it begins the name and is no article: "ألمانيا".
_OWN_ALEF = re.compile(f"[وفبلك]?[{MARKS}]*[أإآ]")

_NUMBERS = NumberWords(
    cardinals=valued(
        {
            0: "صفر",
            1: "واحد واحدة أحد إحدى",
            2: "اثنان اثنين اثنتين اثنتان اثنا اثني اثنتا اثنتي",
            3: "ثلاث ثلاثة",
            4: "أربع أربعة",
            5: "خمس خمسة",
            6: "ست ستة",
            7: "سبع سبعة",
            8: "ثمان ثمانية ثماني",
            9: "تسع تسعة",
            10: "عشر عشرة",
            20: "عشرون عشرين",
            30: "ثلاثون ثلاثين",
            40: "أربعون أربعين",
            50: "خمسون خمسين",
            60: "ستون ستين",
            70: "سبعون سبعين",
            80: "ثمانون ثمانين",
            90: "تسعون تسعين",
            200: "مئتين مئتان مئتي مئتا مائتين مائتان مائتي مائتا",
            300: "ثلاثمئة ثلاثمائة",
            400: "أربعمئة أربعمائة",
            500: "خمسمئة خمسمائة",
            600: "ستمئة ستمائة",
            700: "سبعمئة سبعمائة",
            800: "ثمانمئة ثمانمائة",
            900: "تسعمئة تسعمائة",
            # Without the last letter before what is counted.
            2000: "ألفين ألفان ألفي",
            2 * 10**6: "مليونين مليونان مليوني",
            2 * 10**9: "مليارين ملياران ملياري بليونين بليونان بليوني",
        }
    ),
    ordinals=valued(
        {
            1: "أول أولى",
            2: "ثاني ثانية",
            3: "ثالث ثالثة",
            4: "رابع رابعة",
            5: "خامس خامسة",
            6: "سادس سادسة",
            7: "سابع سابعة",
            8: "ثامن ثامنة",
            9: "تاسع تاسعة",
            10: "عاشر عاشرة",
        }
    ),
    scales=valued(
        {
            100: "مئة مائة مئات",
            1000: "ألف آلاف ألفا",
            10**6: "مليون ملايين مليونا",
            10**9: "مليار مليارات مليارا بليون بلايين بليونا",
        }
    ),
    # "بالمئة" and "في المئة" mean per cent.
    percent=folded_words("بالمئة بالمائة المئة المائة"),
    joins=frozenset({"و"}),
    # "نصف" before another noun is the half of that: "ونصف السكان".
    half=re.compile(r"\s+و\s?نصف(?!\w)(?!\s+ال(?!الف|مليون|مليار|بليون))"),
    # "مليارا دولار" is two, "خمسون مليارا" fifty; "ألفا" is the letter as well.
    duals=("مليونا", "مليارا", "بليونا"),
    prefixes=("و", _ARTICLE, "ف", "ب", "ل", "ك", *(f"{clitic}{_ARTICLE}" for clitic in "وفبك")),
)
_DATES = DateWords(
    # The international names are joined by the Syriac ones of Iraq and the Levant, the French ones of Tunisia and
    # Algeria, and the Moroccan ones.
    locales=("ar", "ar_IQ", "ar_TN", "ar_MA", "ar_LB"),
    months=valued({6: "يونيه", 7: "يوليه"})
    | {
        fold(name): number
        for number, names in {
            1: ("كانون ثاني", "كانون ثان"),
            10: ("تشرين أول",),
            11: ("تشرين ثاني", "تشرين ثان"),
            12: ("كانون أول",),
        }.items()
        for name in names
    },
    prefixes="وفبل",
    day=("يوم",),
    of=("من",),
    month=("شهر",),
    year=("سنه", "عام"),
    at=("الساعه",),
    halves=("ص", "م"),
    zones=tuple(
        map(fold, ("بتوقيت غرينتش", "بتوقيت جرينتش", "غرينتش", "بتوقيت مكة المكرمة", "بتوقيت بغداد", "بالتوقيت المحلي"))
    ),
    hijri_months={
        1: ("محرم", "محرم الحرام", "المحرم"),
        2: ("صفر", "صفر الخير"),
        3: ("ربيع الأول", "ربيع أول"),
        4: ("ربيع الآخر", "ربيع الثاني", "ربيع ثاني"),
        5: ("جمادى الأولى", "جمادى الأول", "جمادي الأول"),
        6: ("جمادى الآخرة", "جمادى الآخر", "جمادى الثانية", "جمادى الثاني"),
        7: ("رجب", "رجب الأصب"),
        8: ("شعبان",),
        9: ("رمضان", "رمضان المبارك"),
        10: ("شوال",),
        11: ("ذو القعدة", "ذي القعدة"),
        12: ("ذو الحجة", "ذي الحجة"),
    },
    jalali_months={
        1: ("فروردين",),
        2: ("أرديبهشت",),
        3: ("خرداد",),
        4: ("تير",),
        5: ("مرداد",),
        6: ("شهريور",),
        7: ("مهر",),
        8: ("آبان",),
        9: ("آذر",),
        10: ("دي",),
        11: ("بهمن",),
        12: ("إسفند", "اسفند"),
    },
    hijri_marks=("هـ", "هجري", "هجرية", "هجريا", "للهجرة", "هـ.ق", "هـ ق"),
    jalali_marks=("هـ.ش", "هـ ش", "هجري شمسي", "هجرية شمسية"),
    common_marks=("م", "ميلادي", "ميلادية"),
    equals=("الموافق", "الموافق لـ", "الموافق ل", "المصادف", "المصادف لـ"),
)
_OUTLETS = folded_words(
    "وكالة وكالات صحيفة جريدة قناة موقع شبكة إذاعة راديو مجلة تلفزيون فضائية مرصد منصة نيوز برس أونلاين رويترز الأناضول"
)
_CREDITS = CreditWords(
    by=("بقلم", "كتبه", "كتبت", "كتب", "إعداد", "اعداد"),
    outlets=_OUTLETS | {f"{_ARTICLE}{word}" for word in _OUTLETS},
    sentence=folded_words("في من على إلى عن أن إن قال قالت لا ما هل لم لن قد كان كانت هو هي هذا هذه بعد قبل مع"),
    published=frozenset(map(fold, ("نشر", "نشر في", "بتاريخ", "تاريخ النشر"))),
    updated=frozenset(
        fold(f"{word}{on}")
        for word in ("تحديث", "آخر تحديث", "تم التحديث", "حدث", "عدل", "آخر تعديل", "تاريخ التحديث", "تاريخ آخر تحديث")
        for on in ("", " في", " بتاريخ", " يوم")
    ),
    kickers=frozenset(
        map(
            fold,
            (
                *(
                    "عاجل",
                    "عاجل جدا",
                    "خبر عاجل",
                    "حصري",
                    "خاص",
                    "حصريا",
                    "انفراد",
                    "بالفيديو",
                    "فيديو",
                    "شاهد",
                ),
                *("بالصور", "للنشر الفوري", "محظور النشر", "تحت الحظر"),
            ),
        )
    ),
    sections=frozenset(
        map(
            fold,
            (
                *(
                    "تحليل",
                    "رأي",
                    "مقال رأي",
                    "افتتاحية",
                    "حوار",
                    "مقابلة",
                    "تقرير",
                    "تحقيق",
                    "بيان صحفي",
                    "بيان صحافي",
                ),
                *("رياضة", "سياسة", "اقتصاد", "ثقافة", "صحة", "محليات"),
            ),
        )
    ),
    embargo=frozenset(map(fold, ("حظر النشر", "الحظر", "محظور النشر", "تحت الحظر"))),
    embargo_until=frozenset(
        fold(f"{word} {until}")
        for word in (
            *("محظور النشر", "حظر النشر", "يحظر النشر", "يمنع النشر", "النشر محظور", "ممنوع النشر", "غير قابل للنشر"),
            *("محظور", "تحت الحظر", "يحظر نشره", "لا ينشر"),
        )
        for until in ("حتى", "قبل", "لغاية", "الى غاية", "إلى")
    ),
)
# As header lines have them.
_LABELS = {
    "id": ("المعرف",),
    "text": ("النص",),
    "title": ("العنوان",),
    "source": ("المصدر", "الوكالة"),
    "url": ("الرابط",),
    "byline": ("الكاتب", "بقلم", "كتب", "المحرر", "المراسل"),
    "category": ("القسم", "التصنيف"),
    "published": ("التاريخ", "تاريخ النشر"),
    "language": ("اللغة",),
    "embargo": ("حظر النشر", "محظور النشر حتى"),
}
_QUESTION_COLUMNS = {
    "question": ("السؤال", "الأسئلة"),
    "language": ("اللغة", "لغة المقالات"),
    "source": ("المصدر", "المصادر", "الوكالة", "الصحيفة"),
    "category": ("القسم", "التصنيف"),
    "collection": ("المجموعة", "المجموعات"),
    "after": ("بعد", "منذ", "من تاريخ", "من يوم"),
    "before": ("قبل", "حتى", "إلى تاريخ", "حتى يوم"),
}
# "The day" rather than "today": after a preposition or a demonstrative, and before an adjective or a date of its own.
_OTHER_DAYS = re.compile(
    r"(?<!\w)[وف]?(?:في|ب?ذلك|ذاك|[بل]?هذا|خلال|طوال|طيله|ب?نفس|مثل|كل|من|عن|مع|بدايه|منتصف|ب?نهايه|اخر)\s+اليوم(?!\w)"
    r"|(?<!\w)اليوم\s+(?:\d|(?:نفسه|ذاته|عينه)(?!\w)|ال(?!(?:اثنين|ثلاثاء|اربعاء|خميس|جمعه|سبت|احد|ان)(?!\w))\w)"
)
_TIMES = TimeWords(
    at=word_set(
        "في يوم بتاريخ شهر عام لعام العام سنه السنه يومي شهري عامي سنتي خلال منذ ابتداء بدءا اعتبارا قبل بعد حتي "
        "لغايه غايه منتصف بدايه مطلع اوايل اواخر نهايه"
    ),
    before=word_set("قبل"),
    after=word_set("بعد"),
    since=word_set("منذ ابتداء بدءا اعتبارا"),
    until=word_set("حتي لغايه غايه"),
    between=word_set("بين من"),
    to=word_set("و الي"),
    articles=word_set("يوم شهر عام العام سنه السنه يومي شهري عامي سنتي تاريخ من"),
    parts=word_set("بدايه مطلع اوايل منتصف اواخر نهايه"),
    last=word_set("الماضي الماضيه الفايت الفارط"),
    ahead=word_set("سوف المقبل المقبله القادم القادمه غدا الجاي"),
    relative={
        "1 day ago": ("البارحه", "البارح", "امبارح", "مبارح", "بالامس"),
        "2 day ago": ("امس الاول", "اول امس", "اول من امس", "اول امبارح"),
        "1 week ago": ("الاسبوع الفايت", "الاسبوع اللي فات", "الجمعه الفايته"),
        "1 month ago": ("الشهر الفايت", "الشهر اللي فات"),
        "1 year ago": ("العام الماضي", "السنه اللي فاتت"),
        "0 year ago": ("هذا العام", "هذه السنه"),
    },
    unlike=_OTHER_DAYS,
)
_NAMED_OUTLETS = OutletWords(
    generic=word_set("وكاله صحيفه جريده قناه موقع اذاعه تلفزيون شبكه مجله الانباء للانباء انباء الاخباريه اخبار"),
    naming=word_set("حسب بحسب وفق وفقا ل عن في قالت قال ذكرت ذكر اوردت نقلت نشرت كتبت افادت تقول"),
    agencies=folded_words(
        "رويترز واع وات وكالات سانا وفا الأناضول شينخوا سبوتنيك كونا واس وام بترا قنا بنا نينا واج إرنا تاس "
        "أسوشيتد أسوشييتد فرانس أ.ف.ب أ.ف.ب. د.ب.أ أ د آكي شفق"
    ),
)


class ArabicOrthography(NeutralOrthography):
    """Arabic: clitics come off both ways where a first letter may be one."""

    __slots__ = ()

    def stems(self, folded: str) -> tuple[str, ...]:
        """Return the stem of each base of a folded word."""
        return tuple(dict.fromkeys(stem("ar", base) for base in self.bases(folded)))

    def bases(self, folded: str) -> tuple[str, ...]:
        """Return what a folded word may be without its conjunction, preposition and article; likeliest first.

        A first letter may be a clitic or the word's own ("وترامب", "وزير"): such a word is returned both ways.
        """
        definite = _DEFINITE.match(folded)
        if definite:
            rest = folded[definite.end() :]
            # The article melts into "ل": "للعراق" holds "عراق", "لليبيا" "ليبيا", and "للجنة" "لجنة".
            return (rest, "ل" + rest) if definite["to"] else (rest,)
        if folded[:1] in _CLITICS and len(folded) >= 4:
            return (folded, folded[1:])
        return (folded,)

    def name_bases(self, word: str) -> tuple[str, ...]:
        """Return the bases of a word of three letters at least; none of a shorter one."""
        folded = fold(word)
        if len(folded) < 3:
            return ()
        if _OWN_ALEF.match(word):
            return (folded,) if folded[0] == "ا" else (folded, folded[1:])
        return self.bases(folded)


def _with_and_without_article(labels: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {
        field: tuple(dict.fromkeys([*names, *(name.removeprefix(_ARTICLE) for name in names)]))
        for field, names in labels.items()
    }


ORTHOGRAPHY = ArabicOrthography(
    "ar",
    stop_words=_STOP_WORDS,
    hints=_HINTS,
    abbreviations=word_set("أ.د د م ص ت ق هـ ج ط تح"),
    dates=_DATES,
    numbers=_NUMBERS,
    # "على" (on) is a stop word and folds to the same as Ali.
    names=frozenset({"علي"}),
    particles=word_set("بن ابن بو ابو ابي عبد لو لا دي دو فان فون سان مك"),
    credits=_CREDITS,
    times=_TIMES,
    outlets=_NAMED_OUTLETS,
    # Labels are written with and without the article: «العنوان:», «عنوان:».
    field_aliases=_with_and_without_article(_LABELS),
    question_columns=_with_and_without_article(_QUESTION_COLUMNS),
    language_names={"عربي": "ar"},
)
