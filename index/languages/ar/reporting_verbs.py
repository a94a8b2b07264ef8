"""Arabic reporting verbs, and what kind of statement each makes."""

from functools import cache

from index.languages.grammar import Form, Reporting, Stance
from index.text.normalisation import fold

# One verb a group: perfect, imperfect, participle; "-" where a form is not used for reporting or is as a rule
# impersonal ("يذكر أن"). A * marks a doubtful form.
_SPOKEN = {
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
_TRANSITIVE = {
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
_NOUNS = {
    Stance.SAID: "قول تصريح تصريحات كلام تعبير إفادة رأي وصف إشارة حديث",
    Stance.CONFIRMED: "تأكيد تأكيدات",
    Stance.DENIED: "نفي رفض إنكار تكذيب استبعاد",
    Stance.WARNED: "تحذير تنبيه",
    Stance.CALLED_FOR: "دعوة مطالبة",
    Stance.CONDEMNED: "إدانة استنكار",
    Stance.WELCOMED: "ترحيب",
    Stance.CLAIMED: "زعم ادعاء مزاعم",
}


def verb_of(folded: str) -> Reporting | None:
    """Look up a folded Arabic word, its conjunction and all, as a form of a reporting verb."""
    table = _table()
    found = table.get(folded)
    if found is None and len(folded) > 3 and folded[0] in "وف":
        found = table.get(folded[1:])
    if found is None and len(folded) > 4 and folded[0] == "س":
        found = table.get(folded[1:])
        found = found if found and found.form is Form.FINITE and folded[1] in "يت" else None
    return found


def has_conjunction(folded: str) -> bool:
    """Tell whether a reporting verb is written with an attached "و" or "ف"."""
    return folded[:1] in ("و", "ف") and folded not in _table()


@cache
def _table() -> dict[str, Reporting]:
    table: dict[str, Reporting] = {}
    for transitive, spoken in ((False, _SPOKEN), (True, _TRANSITIVE)):
        for stance, verbs in spoken.items():
            for verb in verbs.split("|"):
                for word, form in _forms(verb, stance, transitive).items():
                    table.setdefault(word, form)
    for stance, nouns in _NOUNS.items():
        for noun in map(fold, nouns.split()):
            stem = noun[:-1] + "ت" if noun.endswith("ه") else noun
            for suffix in ("ه", "ها", "هم", "هما"):
                table.setdefault(stem + suffix, Reporting(stance, Form.NOUN, _gender(suffix), lemma=noun))
    return table


def _forms(verb: str, stance: Stance, transitive: bool) -> dict[str, Reporting]:
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
