"""Arabic follow-up questions: what shows that one hangs on the turns before, and what takes its place."""

import re
from collections.abc import Sequence

from index.languages.ar.lexicon import noun_of
from index.languages.ar.reporting_verbs import verb_of
from index.languages.grammar import Context, Form
from index.text.normalisation import fold, word_set

_LEADING = re.compile(r"^(?:(?:حسنا|حسناً|طيب|إذن|إذا|لكن|ولكن|ثم)[،,\s]+)+")
_QUESTION = word_set(
    fold(
        "من ما ماذا متى أين كيف لماذا لمن هل كم بكم بماذا أي أية لم مم عم بم ماهو ماهي مين ليش ليه وين فين إيمتى امتى شو ايش وش شنو شنوة علاش وقتاش قديش قداش شكون كيفاش"
    )
)
_COUNTING = word_set(fold("كم أي أية"))
_BEFORE_QUESTION = word_set(fold("إلى حتى منذ من في على عن مع"))
_COPULAS = word_set(fold("هو هي هم الذي التي الذين كان كانت قد إذن بالضبط تحديدا أيضا"))
_POINTING = word_set(fold("ذلك ذلكم تلك هذا هذه هؤلاء"))
_HAPPENED = word_set(fold("حدث وقع جرى حصل حدثت وقعت جرت حصلت"))
# A question of nothing but these and question words asks about the question before it.
_EMPTY = (
    _QUESTION
    | _COPULAS
    | _POINTING
    | word_set(
        fold(
            "حدث وقع جرى حصل تم حدثت وقعت جرت حصلت قال قالت صرح أعلن أعلنت "
            "هناك غير غيره غيرها أيضا آخر أخرى فعل بعد حتى إلى منذ"
        )
    )
)
_PREPOSITIONS = word_set(fold("في من إلى على عن مع بعد قبل منذ خلال ضد حول بين لدى عند أثناء بشأن إزاء تجاه"))
_FUNCTION = (
    _PREPOSITIONS
    | _POINTING
    | word_set(fold("أن إن أنه أنها بأن أو ثم لكن إذا حين عندما بسبب أيضا هناك له لها به بها فيه فيها عنه عنها"))
)
_ATTACHED = {
    fold(word): (preposition, plural)
    for preposition, forms in {
        "عن": "عنه عنها عنهم", "في": "فيه فيها فيهم", "من": "منه منها منهم", "إلى": "إليه إليها إليهم",
        "على": "عليه عليها عليهم", "مع": "معه معها معهم", "ل": "له لها لهم", "ب": "به بها بهم", "بعد": "بعده بعدها",
        "قبل": "قبله قبلها", "حول": "حوله حولها", "ضد": "ضده ضدها ضدهم", "بين": "بينهم بينها", "بسبب": "بسببه بسببها",
    }.items()
    for word, plural in zip(forms.split(), (False, False, True), strict=False)
}  # fmt: skip
_NO_SUFFIX = word_set(
    fold("وجه الله مياه انتباه اتجاه تجاه شبه فقه كره هذه هذا إله شفاه جباه وجوه نبيه فيه هم أهم مهم سهم دعم")
)
_ABOUT = re.compile(r"^(?:و|ف)?(?:ماذا|ما)\s+(?:عن|بالنسبة\s+(?:إلى|ل))\s*(?P<what>.+?)[؟?!. ]*$")
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u064b-\u065f\u0670\u0640])*")
_RELATIVE = word_set(fold("الذي التي الذين اللذان اللتان"))
# Years, days and months as they are typed, with the preposition before them.
_YEAR = "(?:1[5-9]|20)[0-9]{2}|[١٢][٠-٩]{3}"
_MONTH = (
    "(?:يناير|كانون الثاني|جانفي|فبراير|شباط|فيفري|مارس|[آا]ذار|[أا]بريل|نيسان|[أا]فريل"
    "|مايو|[أا]يار|ماي|يونيو|حزيران|جوان"
    "|يوليو|تموز|جويلية|[أا]غسطس|[آا]ب|[أا]وت|سبتمبر|[أا]يلول|[أا]كتوبر"
    "|تشرين ال[أا]ول|نوفمبر|تشرين الثاني|ديسمبر|كانون ال[أا]ول)"
)
_TIME = re.compile(
    rf"(?:(?:في|خلال|منذ)\s+)?(?:(?:يوم|شهر|عام|سنة)\s+)?(?:(?:[0-9٠-٩]{{1,2}}\s+)?(?<!\w){_MONTH}(?!\w)(?:\s*/\s*{_MONTH})?"
    rf"(?:\s+(?:عام\s+|سنة\s+)?(?:{_YEAR}))?|(?<!\w)(?:{_YEAR})(?!\w)"
    r"|(?:العام|السنة|الشهر|الأسبوع)\s+(?:الماضي|الماضية|المقبل|المقبلة|الحالي|الجاري)|(?<!\w)(?:أمس|اليوم|غدا)(?!\w))"
)
_MOST_ABOUT = 8
_MOST_ELLIPTIC = 4


def follow_up(question: str, context: Context) -> str | None:
    """Return an Arabic question made to stand alone, None where it does already."""
    core = _LEADING.sub("", question)
    about = _ABOUT.match(core)
    if about and len(about["what"].split()) <= _MOST_ABOUT:
        return _instead(about["what"], context)
    core, led = _without_and(core)
    words = _folded(core)
    if not words:
        return None
    what_said = words[0] in word_set(fold("ما ماذا")) and verb_of(words[-1]) is None and len(words) > 2
    if all(word in _EMPTY for word in words) and (words[0] in _QUESTION or led) and not what_said:
        return _bare(core, words, context)
    asks = any(word in _QUESTION - _PREPOSITIONS for word in words) or words[0] in _QUESTION
    if led and len(words) <= _MOST_ELLIPTIC and not asks:
        return _instead(core.rstrip("؟?!. "), context)
    pointed = _pointing(core, context)
    if pointed is not None:
        return pointed
    if led and asks and len(words) <= _MOST_ABOUT and not _TIME.search(core):
        return _with_topic(core, context.topic)
    return None


def without_joint(question: str) -> str:
    """Return a question without the "و" that it begins with."""
    return _without_and(_LEADING.sub("", question))[0]


def asking_on(question: str) -> str:
    """Return a question with "و" before it."""
    return f"و{without_joint(question)}"


def topic(question: str) -> str:
    """Return what a question is about: what is left without its question words and the verb they go with."""
    words = question.split()
    return " ".join(words[_matter(words) :]) or question


def matter(question: str) -> str:
    """Return the same as `topic`: what is left is both."""
    return topic(question)


def _folded(text: str) -> list[str]:
    return [fold(match.group()) for match in _WORD.finditer(text)]


def _without_and(core: str) -> tuple[str, bool]:
    """Take the conjunction off a first word: "ومتى" asks on from what was said."""
    first = fold(core.split()[0].rstrip("؟?،,")) if core.split() else ""
    if first in _QUESTION:
        return core, False
    if first[:1] in ("و", "ف") and (
        first[1:] in _QUESTION | _PREPOSITIONS | _BEFORE_QUESTION
        or (first[0] == "و" and first[1:3] in ("ال", "با", "في"))
    ):
        return core[1:], True
    if first in ("و",):
        return core[1:].lstrip(), True
    return core, False


def _question_end(words: Sequence[str]) -> int:
    """Return how many first words of a question ask: "كم شاحنة", "من الذي", "ما هو"."""
    end = 0
    if len(words) > 1 and fold(words[0]) in _BEFORE_QUESTION and fold(words[1]) in _QUESTION - _PREPOSITIONS:
        end = 2
    while end < len(words) and fold(words[end]).removeprefix("و") in _QUESTION | _COPULAS:
        end += 1
        if fold(words[end - 1]).removeprefix("و") in _COUNTING:
            return min(end + 1, len(words))
    return end


def _matter(words: Sequence[str]) -> int:
    """Return where a question's matter begins, after its question words and its verb."""
    begin = _question_end(words)
    asked = {fold(word) for word in words[:begin]}
    if (
        begin < len(words) - 1
        and not words[begin].startswith("ال")
        and (verb_of(fold(words[begin])) or (asked - _COPULAS and not asked & word_set(fold("ما هو هي"))))
    ):
        begin += fold(words[begin]) not in _PREPOSITIONS
    return begin


def _bare(core: str, words: Sequence[str], context: Context) -> str:
    """Ask the new question word of the earlier question."""
    ask = next((word for word in core.rstrip("؟?!. ").split() if fold(word) in _QUESTION), core.split()[0])
    said = {fold("قال"), fold("قالت"), fold("صرح"), fold("أعلن")} & set(words)
    if context.asked_who and not _HAPPENED.isdisjoint(words):
        # What was spoken of happened, not that somebody spoke.
        return _with_topic(core, context.topic)
    if context.language == "ar" and not said and fold(ask) in word_set(fold("متى أين كيف لماذا")):
        before = context.question.split()
        begin = _question_end(before)
        rest = before[begin:]
        relative = next((place for place, word in enumerate(rest) if fold(word) in _RELATIVE), None)
        if relative is not None and relative < len(rest) - 1:
            # "من الخبير الذي حذر من …": what he did is asked about.
            who = f"{' '.join(rest[:relative])} {context.person or ''}".strip()
            return f"{ask} {' '.join(rest[relative + 1 :])} ({who})؟"
        if rest and context.asked_who and context.person and not rest[0].startswith("ال"):
            rest = [rest[0], context.person, *rest[1:]]
        if rest:
            return f"{ask} {' '.join(rest)}؟"
    return f"{core.rstrip('؟?!. ')}: {_with_person(context)}؟"


def _instead(what: str, context: Context) -> str:
    """Ask the earlier question of something else: a time or a place takes the place of the one it had."""
    what = what.strip()
    base = context.question
    if _TIME.fullmatch(what):
        had = _TIME.search(base)
        if had and had.group().strip():
            return f"{base[: had.start()]}{_as_had(what, had.group())}{base[had.end() :]}؟"
        leading = "" if fold(what.split()[0]) in _PREPOSITIONS else "في "
        return f"{base} {leading}{what}؟"
    first, *rest = what.split()
    if fold(first) in _PREPOSITIONS and rest:
        words = base.split()
        places = [place for place, word in enumerate(words) if fold(word) == fold(first)]
        if places and places[-1] > _question_end(words) - 1:
            return " ".join([*words[: places[-1]], what, *words[_phrase_end(words, places[-1] + 1) :]]) + "؟"
        return f"{base} {what}؟"
    replaced = _other_person(what, context) or _other_place(what, base)
    return replaced or f"ماذا عن {what}: {context.topic}؟"


def _as_had(what: str, had: str) -> str:
    first = had.split()[0]
    leads = fold(first) in _PREPOSITIONS and fold(what.split()[0]) not in _PREPOSITIONS
    return f"{first} {what}" if leads else what


def _other_person(what: str, context: Context) -> str | None:
    """Put another speaker where the earlier question has its own: the subject of a reporting verb."""
    words = context.question.split()
    for place, word in enumerate(words[:-1]):
        verb = verb_of(fold(word))
        if verb is None or verb.form is not Form.FINITE:
            continue
        end = place + 1
        while end < len(words) and fold(words[end]) not in _FUNCTION:
            end += 1
        if end > place + 1 and not context.asked_who:
            return " ".join([*words[: place + 1], what, *words[end:]]) + "؟"
    return None


def _other_place(what: str, base: str) -> str | None:
    words = base.split()
    places = [place for place, word in enumerate(words[:-1]) if fold(word) in ("في", "ب") and place > 0]
    if not places or len(what.split()) > 3:
        return None
    if not (noun_of(fold(what.split()[0])).place or noun_of(fold(words[places[-1] + 1])).place):
        return None
    return " ".join([*words[: places[-1] + 1], what, *words[_phrase_end(words, places[-1] + 1) :]]) + "؟"


def _phrase_end(words: Sequence[str], begin: int) -> int:
    """Return where the phrase after a preposition ends: at another one, or at a time."""
    end = begin
    while end < len(words) and fold(words[end]) not in _FUNCTION and not _TIME.match(" ".join(words[end : end + 2])):
        end += 1
    return end


def _pointing(core: str, context: Context) -> str | None:
    """Put what they stand for in the place of pronouns, and a subject where a verb of saying has none."""
    words = core.rstrip("؟?!. ").split()
    folded = [fold(word.strip("،,؛")) for word in words]
    relative = any(word in _RELATIVE for word in folded)
    made: list[str] = []
    pointed, content = False, 0
    for place, word in enumerate(words):
        following = folded[place + 1] if place + 1 < len(folded) else ""
        before = folded[place - 1] if place else ""
        stands_for = None if relative else _stands_for(word, before, following, context, content)
        if stands_for is not None:
            pointed = True
            made.append(stands_for)
            continue
        made.append(word)
        content += folded[place] not in _FUNCTION | _QUESTION | _COPULAS
        if _lacks_subject(folded, place) and not relative and content <= 1:
            pointed = True
            made.append(context.person or f"({context.topic})")
    if not pointed:
        return None
    text = " ".join(made)
    return f"{text}؟" if context.topic in text else _with_topic(text, context.topic)


def _lacks_subject(folded: Sequence[str], place: int) -> bool:
    """Tell whether a finite verb of saying is followed by no subject: "ماذا قال بعد ذلك"."""
    verb = verb_of(folded[place])
    if verb is None or verb.form is not Form.FINITE or place == 0:
        return False
    if folded[0] in (fold("من"), fold("أي"), fold("أية")):
        return False
    following = folded[place + 1] if place + 1 < len(folded) else ""
    return not following or following in _FUNCTION


def _stands_for(word: str, before: str, following: str, context: Context, content: int) -> str | None:
    """Return what a word that points back stands for, None where it is none."""
    folded = fold(word.strip("،,؛"))
    if folded in _POINTING:
        return None if following.startswith("ال") or _is_time(following) else context.topic
    if folded == fold("هناك"):
        return None if following else f"هناك ({context.topic})"
    if folded in _ATTACHED and content <= 1:
        preposition, plural = _ATTACHED[folded]
        person = context.person if not plural and not folded.endswith("ها") else None
        joint = "" if preposition in ("ل", "ب") else " "
        return f"{preposition}{joint}{person or context.topic}"
    if folded in ("هو", "هي", "هم") and before not in ("من", "ما", "ماذا", "ماهو"):
        return context.person or context.topic
    if content == 0 and not following and _has_suffix(word, folded):
        return f"{word} ({context.person if context.person and not folded.endswith('ها') else context.topic})"
    return None


def _has_suffix(word: str, folded: str) -> bool:
    ends = word.endswith(("ه", "ها", "هم")) and len(folded) >= 4
    return ends and not folded.startswith("ال") and folded not in _NO_SUFFIX


def _is_time(folded: str) -> bool:
    return folded in word_set(fold("العام الشهر الأسبوع اليوم السنة"))


def _with_topic(text: str, topic: str) -> str:
    bare = text.rstrip("؟?!. ")
    return f"{bare} ({topic})؟" if topic else f"{bare}؟"


def _with_person(context: Context) -> str:
    if context.asked_who and context.person:
        return f"{context.person}، {context.topic}"
    return context.topic
