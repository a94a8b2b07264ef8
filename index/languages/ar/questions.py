"""What an Arabic question asks for."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.languages.ar.figures import FIGURES, HOW_MANY
from index.languages.ar.lexicon import noun_of
from index.languages.ar.names import tokens_in
from index.languages.ar.reporting_verbs import verb_of
from index.languages.ar.stance import is_not
from index.languages.grammar import Form, Reporting, Request, Shape, Stance
from index.languages.parts.questions import overview, request_of
from index.text.normalisation import Span, fold, word_set

# Only whether something is so can be denied: "هل …؟".
_YES_OR_NO = re.compile(r"\W*هل\b")
_OVERVIEWS = {
    Shape.TIMELINE: re.compile(
        r"^(?:(?:اعرض|اكتب|قدم|أعطني|هات)\s+)?(?:ال)?(?:تسلسل\s+(?:ال)?زمني|جدول\s+(?:ال)?زمني|خط\s+(?:ال)?زمني)"
        r"\s+(?:ل|لـ|عن|حول)\s*(?P<about>.+)"
    ),
    Shape.COMPARISON: re.compile(
        r"^(?:قارن|قارني|قارنوا)\s+(?:بين\s+)?(?P<about>.+)|^(?:ما\s+)?(?:الفرق|أوجه\s+الاختلاف)\s+بين\s+(?P<differ>.+)"
    ),
    Shape.STATEMENTS: re.compile(
        r"^(?:لخص|لخّص|لخصي|اجمع|اعرض)\s+(?:كل\s+)?ما\s+(?:قاله|قالته|صرح\s+به|صرحت\s+به)\s+(?P<who>.+?)"
        r"(?:\s+(?:عن|حول|بشأن)\s+(?P<about>.+))?$"
    ),
}
# What people are compared by: "قارن ما قاله فلان وفلان عن كذا".
_SAYINGS = re.compile(
    r"^(?:ما\s+(?:قاله|قالته|يقوله)|أقوال|تصريحات)\s+(?P<who>.+?)(?:\s+(?:عن|حول|بشأن)\s+(?P<about>.+))?$"
)
_AND = re.compile(r"\s*(?:,|،)\s*و?|\s+و(?:بين\s+)?")
_AFTER_WHO = word_set(fold("هو هي هم هذا هذه الذي التي الذين قد كان كانت لم لن لا أول غير سبق"))
_BARRIERS = word_set(fold("أن إن أنه بعد بعدما حين حينما عندما لأن حيث قبل إذا لماذا كيف متى أين"))
_TOO_BROAD = word_set(
    fold("نشر قدم سجل زاد تناول هاجم قدر حمل أمر نقل كتب أثار واصل تابع رد ختم أكمل أسر صدح انتظر جدد")
)
_KINDS = word_set(
    fold("شخص شخصية شخصيات جهة طرف بلد دولة سياسي سياسية رجل امرأة سيدة شركة كيان واحد واحدة فنانة منظمة")
)
_AUTHORS = word_set(fold("صاحب صاحبة قائل قائلة صاحبا"))
_BY_WHOM = word_set(fold("بحسب حسب وفق لسان قول وفقا"))


def request(question: str) -> Request:
    """Return what a question asks for."""
    words = [token.folded for token in tokens_in(question, Span(0, len(question)))]
    asked = request_of(
        question,
        overview(question, _OVERVIEWS, _SAYINGS, _AND),
        _stance_asked(words),
        whether=_YES_OR_NO.match(question) is not None,
        counts=HOW_MANY.search(fold(question)) is not None,
        toll=FIGURES.toll,
    )
    return replace(asked, is_negated=any(map(is_not, words)))


def _stance_asked(words: Sequence[str]) -> Stance | None:
    """Return the kind of statement whose speaker is asked for, None where no speaker is."""
    for i, word in enumerate(words):
        before = words[i - 1] if i else ""
        if word in ("من", "لمن") and (before in _BY_WHOM or (word == "لمن" and before.startswith("وفق"))):
            return _only_stance(words)
        opens = i == 0 or not before[0].isalnum() or before in ("و", "لكن")
        if word in ("من", "ومن", "فمن") and opens:
            return _after_man(words, i + 1)
        if word in ("اي", "ايه", "واي", "ما", "وما") and opens:
            return _after_ayy(words, i + 1, needs_relative=word in ("ما", "وما"))
    return None


def _only_stance(words: Sequence[str]) -> Stance:
    stances = [
        verb.stance for word in words if (verb := verb_of(word)) and verb.form is Form.FINITE and not verb.doubtful
    ]
    return stances[-1] if stances else Stance.SAID


def _after_man(words: Sequence[str], at: int) -> Stance | None:
    """Read on after "من": a verb, or a kind of speaker with "الذي" and its verb."""
    i = at
    while i < len(words) and words[i] in _AFTER_WHO:
        i += 1
    if i >= len(words):
        return None
    if words[i].removeprefix("ال") in _AUTHORS:
        return Stance.SAID
    verb = _finite(words[i])
    if verb is not None and verb.lemma not in _TOO_BROAD:
        return verb.stance
    return _after_ayy(words, i, needs_relative=True) if verb is None else None


def _after_ayy(words: Sequence[str], at: int, *, needs_relative: bool) -> Stance | None:
    """Read on after "أي": a kind of speaker, then its verb."""
    kind = relative = False
    for i in range(at, min(at + 14, len(words))):
        verb = _finite(words[i])
        # "يتوقع" with no subject is "is expected".
        expected = verb is not None and verb.stance is Stance.EXPECTED and verb.doubtful
        if verb is not None and kind and (relative or not needs_relative) and not expected:
            return verb.stance
        if words[i] in _BARRIERS:
            return None
        if relative and words[i] not in _AFTER_WHO:
            return None
        noun = noun_of(words[i])
        kind = kind or noun.title or noun.institution or words[i].removeprefix("ال") in _KINDS
        relative = relative or words[i] in ("الذي", "التي", "الذين", "اللذان")
    return None


def _finite(word: str) -> Reporting | None:
    verb = verb_of(word)
    return verb if verb is not None and verb.form in (Form.FINITE, Form.WITH_OBJECT) else None
