"""Reporting verbs, Arabic and English, and what kind of statement each makes."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from index.folding import fold


class Stance(StrEnum):
    """Kinds of statement, as a reporting verb tells them apart."""

    SAID = "said"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    WARNED = "warned"
    ACCUSED = "accused"
    WELCOMED = "welcomed"
    CONDEMNED = "condemned"
    CALLED_FOR = "called_for"
    ANNOUNCED = "announced"
    EXPECTED = "expected"
    ADMITTED = "admitted"
    PROMISED = "promised"
    CLAIMED = "claimed"


class Form(StrEnum):
    """The forms of a reporting verb that matter here."""

    FINITE = "finite"
    PARTICIPLE = "participle"
    WITH_OBJECT = "with_object"
    NOUN = "noun"


@dataclass(frozen=True, slots=True)
class Reporting:
    """A form of a reporting verb.

    `gender` is "m", "f" or "" where the form leaves it open; `doubtful` forms are as often another word,
    and count only where a clause begins; `transitive` verbs may have their object where a subject could stand.
    """

    stance: Stance
    form: Form
    gender: str = ""
    doubtful: bool = False
    transitive: bool = False
    lemma: str = ""


# One verb a group: perfect, imperfect, participle; "-" where a form is not used for reporting or is as a rule
# impersonal ("يذكر أن"). A * marks a doubtful form.
_ARABIC_SPOKEN = {
    Stance.SAID: (
        "قال يقول قائلا|صرح يصرح مصرحا|أضاف يضيف مضيفا|أوضح يوضح موضحا|أشار يشير مشيرا|لفت يلفت لافتا|نوه ينوه منوها"
        "|أفاد يفيد مفيدا|ذكر* - ذاكرا|تابع* يتابع* متابعا|تحدث يتحدث متحدثا*|تساءل يتساءل متسائلا|علق* يعلق* معلقا"
        "|أردف يردف مردفا|استطرد يستطرد مستطردا|استدرك يستدرك مستدركا|واصل* يواصل* مواصلا*|عقب* يعقب* معقبا"
        "|أعرب يعرب معربا|عبر* يعبر* معبرا|كتب* يكتب* كاتبا*|غرد يغرد مغردا|أجاب يجيب مجيبا|رد* يرد* -"
        "|ألمح يلمح ملمحا|لمح يلمح ملمحا|أدلى يدلي مدليا|خلص يخلص خالصا|صدح* - -|أكمل* - -|همس - -|سخر يسخر ساخرا"
        "|خاطب يخاطب مخاطبا|أخبر يخبر مخبرا|أبلغ - مبلغا|أعلم* - معلما*|طمأن يطمئن مطمئنا|حكى يحكي -|اشتكى يشتكي مشتكيا|شكا* يشكو شاكيا"
    ),
    Stance.CONFIRMED: "أكد يؤكد مؤكدا|شدد يشدد مشددا|جزم يجزم جازما",
    Stance.WARNED: "حذر* يحذر محذرا|نبه ينبه منبها|توعد يتوعد متوعدا|أنذر ينذر منذرا",
    Stance.WELCOMED: "رحب يرحب مرحبا|أشاد يشيد مشيدا|أثنى يثني مثنيا",
    Stance.CONDEMNED: "ندد يندد منددا|تأسف يتأسف متأسفا",
    Stance.ANNOUNCED: "كشف* يكشف* كاشفا",
    Stance.PROMISED: "تعهد يتعهد متعهدا",
    Stance.ADMITTED: "اعترف يعترف معترفا|أقر* يقر مقرا",
    Stance.DENIED: "شكك يشكك مشككا|قلل يقلل مقللا|هون يهون مهونا|تبرأ يتبرأ متبرئا|اعترض* يعترض* معترضا|تنصل يتنصل متنصلا",
    Stance.EXPECTED: "تكهن يتكهن متكهنا|تنبأ يتنبأ متنبئا",
}
_ARABIC_TRANSITIVE = {
    Stance.SAID: (
        "بين* يبين* مبينا|اعتبر - معتبرا|رأى يرى -|وصف يصف واصفا|أبرز* يبرز* مبرزا|لاحظ يلاحظ* ملاحظا|شرح يشرح شارحا"
        "|فسر يفسر مفسرا|روى يروي راويا|سرد يسرد ساردا|أورد يورد موردا|نقل* ينقل* نقلا|ختم* يختم* خاتما|برر يبرر مبررا"
        "|عزا يعزو عازيا|أرجع يرجع* مرجعا*|نشر* ينشر* -|أثار* - -|استغرب يستغرب مستغربا|استعرض يستعرض مستعرضا"
        "|تناول* - -|تطرق يتطرق متطرقا|- - مذكرا|جدد* يجدد* مجددا|تمنى يتمنى متمنيا|عزى* - -"
        "|- - مسجلا|رثى يرثي راثيا|نعى ينعى ناعيا|أيد يؤيد مؤيدا"
    ),
    Stance.CONFIRMED: "أثبت* - مثبتا",
    Stance.DENIED: (
        "نفى ينفي نافيا|كذب يكذب مكذبا|فند يفند مفندا|دحض يدحض داحضا|رفض يرفض رافضا|استبعد يستبعد مستبعدا|أنكر ينكر منكرا"
    ),
    Stance.WARNED: "هدد يهدد مهددا",
    Stance.ACCUSED: "اتهم يتهم متهما|- - محملا",
    Stance.WELCOMED: "ثمن يثمن مثمنا|بارك يبارك مباركا|هنأ يهنئ مهنئا|امتدح يمتدح ممتدحا|مدح يمدح مادحا",
    Stance.CONDEMNED: (
        "أدان يدين* مدينا|دان* يدين* مدينا|استنكر يستنكر مستنكرا|شجب يشجب شاجبا|انتقد ينتقد منتقدا|استهجن يستهجن مستهجنا"
        "|- - مهاجما*"
    ),
    Stance.CALLED_FOR: (
        "دعا يدعو داعيا|طالب* يطالب مطالبا|حث يحث حاثا|ناشد يناشد مناشدا|أوصى يوصي موصيا|اقترح يقترح مقترحا|طلب* يطلب* طالبا*"
        "|نصح ينصح ناصحا|أمر* - -"
    ),
    Stance.ANNOUNCED: "أعلن يعلن معلنا",
    Stance.EXPECTED: "توقع يتوقع* متوقعا|رجح - مرجحا|انتظر* - -",
    Stance.PROMISED: "وعد* يعد* واعدا",
    Stance.CLAIMED: "زعم يزعم زاعما|ادعى - مدعيا",
}
# The verbal noun with a possessor: "على حد قوله", "نقل عنه تأكيده أن".
_ARABIC_NOUNS = {
    Stance.SAID: "قول تصريح تصريحات كلام تعبير إفادة رأي وصف إشارة حديث",
    Stance.CONFIRMED: "تأكيد تأكيدات",
    Stance.DENIED: "نفي رفض إنكار تكذيب استبعاد",
    Stance.WARNED: "تحذير تنبيه",
    Stance.CALLED_FOR: "دعوة مطالبة",
    Stance.CONDEMNED: "إدانة استنكار",
    Stance.WELCOMED: "ترحيب",
    Stance.CLAIMED: "زعم ادعاء مزاعم",
}
_ENGLISH = {
    Stance.SAID: (
        "say says said saying|tell tells told telling|state states stated stating|add adds added adding"
        "|explain explains explained explaining|note notes noted noting|write writes wrote|tweet tweets tweeted tweeting"
        "|argue argues argued arguing|remark remarks remarked|comment comments commented|reply replies replied"
        "|respond responds responded|recall recalls recalled|stress stresses stressed stressing|insist insists insisted insisting"
        "|reiterate reiterates reiterated|believe believes believed|think thinks thought*|suggest suggests suggested suggesting"
        "|describe describes described describing|mention mentions mentioned|continue continues* continued*|point* points* pointed*"
        "|express expresses expressed expressing|voice* voices* voiced voicing|observe observes observed|call* calls* called*"
        "|quote* quotes* quoted|mock mocks mocked|report* reports* reported|blame* blames blamed blaming|attribute* attributes* attributed"
        "|conclude concludes concluded|complain complains complained|joke jokes joked|put* puts* |ask* asks* asked*|estimate* estimates* estimated|find* finds* found*"
    ),
    Stance.CONFIRMED: "confirm confirms confirmed confirming|affirm affirms affirmed|assert asserts asserted|verify verifies verified",
    Stance.DENIED: (
        "deny denies denied denying|dispute* disputes* disputed disputing|reject rejects rejected rejecting"
        "|dismiss dismisses dismissed dismissing|refute refutes refuted refuting|rebut rebuts rebutted"
        "|rebuff rebuffs rebuffed|contradict contradicts contradicted contradicting|downplay downplays downplayed downplaying"
        "|disagree disagrees disagreed|question* questions* questioned|doubt* doubts* doubted|contest* contests* contested"
        "|minimise minimises minimised|minimize minimizes minimized|disavow disavows disavowed|debunk debunks debunked"
        "|repudiate repudiates repudiated|discount* discounts* discounted|challenge* challenges* challenged"
    ),
    Stance.WARNED: "warn warns warned warning*|threaten threatens threatened|caution* cautions* cautioned|alert* alerts* alerted",
    Stance.ACCUSED: "accuse accuses accused* accusing",
    Stance.WELCOMED: "welcome* welcomes welcomed welcoming|praise* praises praised praising|hail* hails hailed|applaud applauds applauded|commend commends commended",
    Stance.CONDEMNED: "condemn condemns condemned condemning|denounce denounces denounced denouncing|criticise criticises criticised criticising|criticize criticizes criticized criticizing|slam slams slammed|decry decries decried|deplore deplores deplored",
    Stance.CALLED_FOR: "urge urges urged urging|demand* demands* demanded demanding*|recommend recommends recommended|propose proposes proposed*|advise advises advised|appeal* appeals* appealed|advocate* advocates* advocated",
    Stance.ANNOUNCED: "announce announces announced announcing|reveal reveals revealed revealing|disclose discloses disclosed|declare declares declared declaring|unveil unveils unveiled",
    Stance.EXPECTED: "expect expects expected* expecting|predict predicts predicted predicting|forecast* forecasts*|anticipate anticipates anticipated",
    Stance.ADMITTED: "admit admits admitted admitting|acknowledge acknowledges acknowledged acknowledging|concede concedes conceded|confess confesses confessed",
    Stance.PROMISED: "promise* promises* promised|pledge* pledges* pledged|vow* vows* vowed",
    Stance.CLAIMED: "claim* claims* claimed claiming|allege alleges alleged* alleging",
}
# Two words that make a verb of their own stance.
ENGLISH_PHRASES = {
    ("played", "down"): Stance.DENIED,
    ("play", "down"): Stance.DENIED,
    ("plays", "down"): Stance.DENIED,
    ("playing", "down"): Stance.DENIED,
    ("ruled", "out"): Stance.DENIED,
    ("rule", "out"): Stance.DENIED,
    ("rules", "out"): Stance.DENIED,
    ("ruling", "out"): Stance.DENIED,
    ("brushed", "off"): Stance.DENIED,
    ("shrugged", "off"): Stance.DENIED,
    ("hit", "back"): Stance.DENIED,
    ("called", "for"): Stance.CALLED_FOR,
    ("call", "for"): Stance.CALLED_FOR,
    ("calls", "for"): Stance.CALLED_FOR,
    ("called", "on"): Stance.CALLED_FOR,
    ("calls", "on"): Stance.CALLED_FOR,
    ("call", "on"): Stance.CALLED_FOR,
    ("pointed", "out"): Stance.SAID,
    ("points", "out"): Stance.SAID,
    ("paid", "tribute"): Stance.WELCOMED,
    ("cast", "doubt"): Stance.DENIED,
    ("casts", "doubt"): Stance.DENIED,
    ("took", "issue"): Stance.DENIED,
}


def arabic_verb(folded: str) -> Reporting | None:
    """Look up a folded Arabic word, its conjunction and all, as a form of a reporting verb."""
    table = _arabic_table()
    found = table.get(folded)
    if found is None and len(folded) > 3 and folded[0] in "وف":
        found = table.get(folded[1:])
    if found is None and len(folded) > 4 and folded[0] == "س":
        found = table.get(folded[1:])
        found = found if found and found.form is Form.FINITE and folded[1] in "يت" else None
    return found


def has_conjunction(folded: str) -> bool:
    """Tell whether a reporting verb is written with an attached "و" or "ف"."""
    return folded[:1] in ("و", "ف") and folded not in _arabic_table()


def english_verb(folded: str) -> Reporting | None:
    """Look up a folded English word as a form of a reporting verb."""
    return _english_table().get(folded)


@cache
def _arabic_table() -> dict[str, Reporting]:
    table: dict[str, Reporting] = {}
    for transitive, spoken in ((False, _ARABIC_SPOKEN), (True, _ARABIC_TRANSITIVE)):
        for stance, verbs in spoken.items():
            for verb in verbs.split("|"):
                for word, form in _arabic_forms(verb, stance, transitive).items():
                    table.setdefault(word, form)
    for stance, nouns in _ARABIC_NOUNS.items():
        for noun in map(fold, nouns.split()):
            stem = noun[:-1] + "ت" if noun.endswith("ه") else noun
            for suffix in ("ه", "ها", "هم", "هما"):
                table.setdefault(stem + suffix, Reporting(stance, Form.NOUN, _gender(suffix), lemma=noun))
    return table


def _arabic_forms(verb: str, stance: Stance, transitive: bool) -> dict[str, Reporting]:
    perfect, imperfect, participle = (fold(form) for form in verb.split(" "))
    lemma = perfect.rstrip("*")
    forms: dict[str, Reporting] = {}

    def add(word: str, form: Form, gender: str, doubtful: bool) -> None:
        forms.setdefault(word, Reporting(stance, form, gender, doubtful, transitive, lemma))

    if perfect != "-":
        doubtful, whole = perfect.endswith("*"), lemma
        weak = whole[-1] in "يا" and whole not in ("اجاب", "عاب")
        stem = whole[:-1] if weak and len(whole) > 2 else whole
        add(whole, Form.FINITE, "m", doubtful)
        add(stem + "ت", Form.FINITE, "f", doubtful and len(stem) < 3)
        add(stem + "وا", Form.FINITE, "p", doubtful)
        add(stem + "تا", Form.FINITE, "f", True)
        for suffix in ("ه", "ها", "هم"):
            add((stem + "ا" if weak else whole) + suffix, Form.WITH_OBJECT, "m", doubtful)
            add(stem + "ت" + suffix, Form.WITH_OBJECT, "f", False)
    if imperfect != "-":
        doubtful, whole = imperfect.endswith("*"), imperfect.rstrip("*")
        add(whole, Form.FINITE, "m", doubtful)
        add("ت" + whole[1:], Form.FINITE, "f", doubtful)
        stem = whole[:-1] if whole[-1] in "يوا" else whole
        add(stem + "ون", Form.FINITE, "p", doubtful)
    if participle != "-":
        doubtful, whole = participle.endswith("*"), participle.rstrip("*")
        add(whole, Form.PARTICIPLE, "m", doubtful)
        add(whole[:-1] + "ه", Form.PARTICIPLE, "f", True)
        add(whole[:-1].removesuffix("ي") + "ين", Form.PARTICIPLE, "p", True)
    return forms


def _gender(suffix: str) -> str:
    return {"ه": "m", "ها": "f"}.get(suffix, "p")


@cache
def _english_table() -> dict[str, Reporting]:
    table: dict[str, Reporting] = {}
    for stance, verbs in _ENGLISH.items():
        for verb in verbs.split("|"):
            forms = verb.split()
            for word in forms:
                bare = word.rstrip("*")
                form = Form.PARTICIPLE if bare.endswith("ing") else Form.FINITE
                table[bare] = Reporting(stance, form, "", word != bare, lemma=forms[0].rstrip("*"))
    return table
