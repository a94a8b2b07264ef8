"""What an Arabic sentence does with a claim."""

import re
from collections.abc import Sequence

from index.languages.ar.names import tokens_in
from index.languages.ar.reporting_verbs import has_conjunction, verb_of
from index.languages.grammar import Form, Stance, Token
from index.languages.parts import stance as shared
from index.languages.parts.stance import all_refused, expressed
from index.text.normalisation import Span, fold, word_set

# Negation, and what makes it no denial: "لا سيما", "ما لم".
_TIMELESS = word_set(fold("لا لن ليس ليست ليسوا لسنا لست ولا ولن وليس وليست فلا فلن فليس"))
_PAST = word_set(fold("لم ولم فلم"))
_HARMLESS = word_set(
    fold(
        "سيما يزال تزال يزالون زال زالت بد شك يقل تقل يتجاوز تتجاوز فقط أكثر بل محالة ريب ينفي تنفي ينف تنف يستبعد تستبعد"
    )
)
_RELATIVE = word_set(fold("الذي التي الذين والذي والتي ما من إن إذا"))
_FALSE = word_set(
    fold("كاذب كاذبة زائف زائفة باطل باطلة مغلوطة مغلوط مفبرك مفبركة ملفق ملفقة افتراء أكاذيب مختلقة مختلق")
)
_NEGATIONS = word_set(fold("لم لن لا ليس ليست ليسوا لست ولم ولن ولا وليس وليست فلم فلن فلا دون بدون"))
# What stands for a claim that was told before.
_POINTING = re.compile(r"\bو?(?:هذا|هذه|ذلك|تلك)\b")
_DENYING = re.compile(r"(?<!\w)[وف]?(?:نفى|نفت|ينفي|تنفي|نفي|رفض|رفضت)(?!\w)")
# "لم … سوى" and "لم … إلا" say "only"; "إلا أن" says "however".
_EXCEPTING = re.compile(r"(?<!\w)(?:سوى|إلا(?!\s+[أإ]ن))(?!\w)")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


def stances(sentence: str) -> frozenset[Stance]:
    """Return the stances a sentence expresses by its reporting verbs, and `DENIED` when it negates a claim."""
    return expressed(tokens_in(sentence, Span(0, len(sentence))), _stance_at, _negates)


def reports(text: str) -> bool:
    """Tell whether a stretch of a sentence has a reporting verb."""
    return any(verb_of(token.folded) for token in tokens_in(text, Span(0, len(text))))


def refuses(sentence: str, stance: Stance) -> bool:
    """Tell whether a sentence says only that somebody did not do what a stance's verbs mean: "لم تعلن"."""
    return all_refused(tokens_in(sentence, Span(0, len(sentence))), stance, verb_of, _follows_no)


def takes_back(sentence: str) -> bool:
    """Tell whether a sentence says of what stands before it that it is not so: "هذا غير صحيح"."""
    return shared.takes_back(sentence, _denies, _POINTING)


def _denies(clause: str) -> bool:
    return Stance.DENIED in stances(clause) or not _FALSE.isdisjoint(_WORD.findall(fold(clause)))


def is_negated(sentence: str) -> bool:
    """Tell whether a sentence denies or negates something: an odd number of negations."""
    count = sum(fold(match.group()) in _NEGATIONS for match in _WORD.finditer(sentence))
    return (count + len(_DENYING.findall(sentence)) + len(_EXCEPTING.findall(sentence))) % 2 == 1


def is_not(word: str) -> bool:
    """Tell whether a folded word negates a verb."""
    return word in _TIMELESS | _PAST


def _follows_no(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether an Arabic verb is negated, by the word before it."""
    return at > 0 and is_not(tokens[at - 1].folded)


def _stance_at(tokens: Sequence[Token], i: int) -> Stance | None:
    verb = verb_of(tokens[i].folded)
    if verb is None:
        return None
    before = tokens[i - 1] if i else None
    if verb.form is Form.NOUN:
        marked = verb.stance in (Stance.DENIED, Stance.WARNED, Stance.CONDEMNED, Stance.WELCOMED)
        return verb.stance if marked and i > 0 else None
    if verb.doubtful and not (
        before is None
        or not before.is_word
        or has_conjunction(tokens[i].folded)
        or before.folded in ("قد", "كما", "حيث")
    ):
        return None
    if _follows_no(tokens, i):
        return None if verb.stance in (Stance.SAID, Stance.DENIED) else Stance.SAID
    return verb.stance


def _negates(tokens: Sequence[Token], i: int, reported: bool) -> bool:
    """Tell whether a token negates a claim; a past negation counts only in reported speech."""
    folded = tokens[i].folded
    following = tokens[i + 1].folded if i + 1 < len(tokens) else ""
    before = tokens[i - 1].folded if i else ""
    if folded in _FALSE:
        return reported
    if folded == "غير" and following[:4] in ("صحيح", "دقيق"):
        return True
    return (folded in _TIMELESS or (folded in _PAST and reported)) and _negates_claim(before, following)


def _negates_claim(before: str, following: str) -> bool:
    verb = verb_of(following)
    unsaid = verb is not None and verb.stance in (Stance.SAID, Stance.DENIED) and verb.form is Form.FINITE
    return bool(following) and following not in _HARMLESS and before not in _RELATIVE and not unsaid
