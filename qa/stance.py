"""What a sentence does with a claim, and what kind of statement a question asks for."""

from collections.abc import Sequence

from index.folding import Span, fold, word_set
from qa.arabic_names import CLOSING, OPENING, Token, tokenise
from qa.reporting import ENGLISH_PHRASES, Form, Reporting, Stance, arabic_verb, english_verb, has_conjunction
from qa.titles import arabic_noun, is_english_institution, is_english_title

# Negation, and what makes it no denial: "لا سيما", "ما لم", "not only", "no doubt".
_TIMELESS = word_set(fold("لا لن ليس ليست ليسوا لسنا لست ولا ولن وليس وليست فلا فلن فليس"))
_PAST = word_set(fold("لم ولم فلم"))
_HARMLESS = word_set(
    fold(
        "سيما يزال تزال يزالون زال زالت بد شك يقل تقل يتجاوز تتجاوز فقط أكثر بل محالة ريب ينفي تنفي ينف تنف يستبعد تستبعد"
    )
)
_RELATIVE = word_set(fold("الذي التي الذين والذي والتي ما من إن إذا"))
_FALSE_AR = word_set(fold("كاذب كاذبة باطل باطلة مغلوطة مغلوط مفبرك مفبركة ملفق ملفقة افتراء أكاذيب مختلقة مختلق"))
_FALSE_EN = word_set(
    "false untrue baseless unfounded groundless fabricated lies inaccurate incorrect nonsense bogus rubbish"
)
_NOT_EN = word_set("not never neither nor cannot")
_AFTER_NOT = word_set("only just least yet know comment elaborate sure")
_AFTER_NO = word_set("doubt less fewer more later sooner one comment")
_BE = word_set("is are was were be been being isn't aren't wasn't weren't")
_UNSAID = word_set("declined refused refuses declines failed unable yet")
_DETERMINERS = word_set(
    "the a an his her their its our my your this that these those of in on at by for with from no any some new to several many two three"
)

_WHO_SKIPPED = word_set(
    "has have had also first then publicly later officially strongly flatly reportedly did didn't not does doesn't never exactly else recently"
)
_BARRIERS = word_set(
    "after before when while because since although if where as than did does do didn't doesn't to that who whom which why how and"
)
_KINDS_EN = word_set(
    "man woman person people side group country organisation organization body politician figure one individual institution academic "
    "body nation state player celebrity leader parent relative think-tank candidate star lawmaker company boss republican democrat "
    "media outlet family member members sister brother studio church"
)
_TOO_BROAD_EN = word_set(
    "find put continue ask attribute write call point think believe challenge contest quote report"
)
_AFTER_WHO_AR = word_set(fold("هو هي هم هذا هذه الذي التي الذين قد كان كانت لم لن لا أول غير سبق"))
_BARRIERS_AR = word_set(fold("أن إن أنه بعد بعدما حين حينما عندما لأن حيث قبل إذا لماذا كيف متى أين"))
_TOO_BROAD_AR = word_set(
    fold("نشر قدم سجل زاد تناول هاجم قدر حمل أمر نقل كتب أثار واصل تابع رد ختم أكمل أسر صدح انتظر جدد")
)
_KINDS_AR = word_set(
    fold("شخص شخصية شخصيات جهة طرف بلد دولة سياسي سياسية رجل امرأة سيدة شركة كيان واحد واحدة فنانة منظمة")
)
_AUTHORS = word_set(fold("صاحب صاحبة قائل قائلة صاحبا"))
_BY_WHOM_AR = word_set(fold("بحسب حسب وفق لسان قول وفقا"))


def stance_of(sentence: str) -> frozenset[Stance]:
    """Return the stances a sentence expresses by its reporting verbs, and `DENIED` when it negates a claim."""
    tokens = tokenise(sentence, Span(0, len(sentence)))
    found: set[Stance] = set()
    for i in range(len(tokens)):
        stance = _stance_at(tokens, i)
        if stance is not None:
            found.add(stance)
    reported = bool(found) or any(token.folded in (OPENING | CLOSING) - {"'", "’"} for token in tokens)
    if any(_negates(tokens, i, reported=reported) for i in range(len(tokens))):
        found.add(Stance.DENIED)
    return frozenset(found)


def stance_asked(question: str) -> Stance | None:
    """Return the kind of statement whose speaker a question asks for, None when it asks for no speaker."""
    tokens = tokenise(question, Span(0, len(question)))
    arabic = sum(token.folded[:1] >= "\u0600" for token in tokens if token.word)
    if 2 * arabic > sum(token.word for token in tokens):
        return _asked_in_arabic(tokens)
    return _asked_in_english(tokens)


def asks_for_speaker(question: str) -> bool:
    """Tell whether a question asks who made a statement: "who said …", "أي وزير أعلن …", "according to whom …"."""
    return stance_asked(question) is not None


def reports(text: str) -> bool:
    """Tell whether a stretch of a sentence has a reporting verb."""
    return any(english_verb(token.folded) or arabic_verb(token.folded) for token in tokenise(text, Span(0, len(text))))


def refuses(sentence: str, stance: Stance) -> bool:
    """Tell whether a sentence says only that somebody did not do what a stance's verbs mean: "has not condemned"."""
    tokens = tokenise(sentence, Span(0, len(sentence)))
    refused = False
    for i, token in enumerate(tokens):
        verb = english_verb(token.folded) or arabic_verb(token.folded)
        if verb is None or verb.stance is not stance or verb.form is Form.NOUN:
            continue
        earlier = [word.folded for word in tokens[max(0, i - 3) : i]]
        if not (set(earlier) & _NOT_EN or any(word.endswith("n't") for word in earlier) or _is_past_no(earlier)):
            return False
        refused = True
    return refused


def negates(question: str) -> bool:
    """Tell whether a question asks who did not do something."""
    words = {token.folded for token in tokenise(question, Span(0, len(question)))}
    return bool(words & (_NOT_EN | _TIMELESS | _PAST)) or any(word.endswith("n't") for word in words)


def _is_past_no(earlier: Sequence[str]) -> bool:
    return bool(earlier) and earlier[-1] in _TIMELESS | _PAST


def _stance_at(tokens: Sequence[Token], i: int) -> Stance | None:
    folded = tokens[i].folded
    if not tokens[i].word:
        return None
    if folded[0] >= "\u0600":
        return _arabic_stance_at(tokens, i)
    following = tokens[i + 1].folded if i + 1 < len(tokens) else ""
    before = tokens[i - 1].folded if i else ""
    phrase = ENGLISH_PHRASES.get((folded, following))
    verb = english_verb(folded)
    if phrase is None and (verb is None or (verb.doubtful and not _is_verb_here(before, following))):
        return None
    stance = phrase or (verb.stance if verb else None)
    earlier = {token.folded for token in tokens[max(0, i - 3) : i]}
    if earlier & _UNSAID and before == "to":
        return None
    if any(word in _NOT_EN or word.endswith("n't") for word in earlier):
        return None if stance in (Stance.SAID, Stance.DENIED) else Stance.SAID
    return stance


def _is_verb_here(before: str, following: str) -> bool:
    return bool(before) and before[0].isalnum() and before not in _DETERMINERS and following not in ("", "of", ".", ",")


def _arabic_stance_at(tokens: Sequence[Token], i: int) -> Stance | None:
    verb = arabic_verb(tokens[i].folded)
    if verb is None:
        return None
    before = tokens[i - 1] if i else None
    if verb.form is Form.NOUN:
        marked = verb.stance in (Stance.DENIED, Stance.WARNED, Stance.CONDEMNED, Stance.WELCOMED)
        return verb.stance if marked and i > 0 else None
    if verb.doubtful and not (
        before is None or not before.word or has_conjunction(tokens[i].folded) or before.folded in ("قد", "كما", "حيث")
    ):
        return None
    if before is not None and before.folded in _TIMELESS | _PAST:
        return None if verb.stance in (Stance.SAID, Stance.DENIED) else Stance.SAID
    return verb.stance


def _negates(tokens: Sequence[Token], i: int, *, reported: bool) -> bool:
    """Tell whether a token negates a claim; a past negation counts only in reported speech."""
    folded = tokens[i].folded
    following = tokens[i + 1].folded if i + 1 < len(tokens) else ""
    before = tokens[i - 1].folded if i else ""
    if folded in _FALSE_AR or folded in _FALSE_EN:
        return reported or folded in _FALSE_EN
    if folded == "غير" and following[:4] in ("صحيح", "دقيق"):
        return True
    if folded in _TIMELESS or (folded in _PAST and reported):
        return _negates_arabic(before, following)
    if folded == "no":
        return bool(following) and following[0].isalpha() and following not in _AFTER_NO
    if folded.endswith("n't") or folded in _NOT_EN:
        verb = english_verb(following)
        said = verb is not None and verb.stance in (Stance.SAID, Stance.DENIED)
        past = folded == "didn't" or before in ("did", "had", "has", "have")
        return not said and following not in _AFTER_NOT and before != "or" and (reported or not past)
    return False


def _negates_arabic(before: str, following: str) -> bool:
    verb = arabic_verb(following)
    unsaid = verb is not None and verb.stance in (Stance.SAID, Stance.DENIED) and verb.form is Form.FINITE
    return bool(following) and following not in _HARMLESS and before not in _RELATIVE and not unsaid


def _asked_in_english(tokens: Sequence[Token]) -> Stance | None:
    words = [token.folded for token in tokens]
    for i, word in enumerate(words):
        before = words[i - 1] if i else ""
        if (
            word in ("whom", "who", "which")
            and before in ("by", "to")
            and (before == "by" or words[max(0, i - 2)] == "according")
        ):
            return _only_stance(words)
        opens = i == 0 or not before[0].isalnum() or before in ("and", "but", "so", "me", "know")
        if word in ("who", "who's") and opens:
            return _after_who(words, i + 1)
        if word in ("which", "what", "whose") and opens:
            return _after_which(words, i + 1)
    return None


def _only_stance(words: Sequence[str]) -> Stance:
    """Return the stance of a question's last reporting verb, `SAID` when it has none."""
    stances = [verb.stance for word in words if (verb := english_verb(word)) and not verb.doubtful]
    return stances[-1] if stances else Stance.SAID


def _after_who(words: Sequence[str], at: int) -> Stance | None:
    i = at
    while i < len(words) and words[i] in _WHO_SKIPPED:
        i += 1
    if i < len(words) and words[i] in ("is", "was", "are", "were"):
        if i + 1 < len(words) and words[i + 1] in ("quoted", "cited"):
            return Stance.SAID
        relative = next((j for j in range(i + 1, len(words)) if words[j] in ("who", "that")), None)
        describes = relative is not None and any(_is_kind(word) or word == "it" for word in words[i + 1 : relative])
        return _after_who(words, relative + 1) if relative is not None and describes else None
    return _english_asked(words, i) if i < len(words) and words[i - 1] not in ("did", "does") else None


def _after_which(words: Sequence[str], at: int) -> Stance | None:
    """Read on after "which": a kind of speaker, then its verb."""
    kind = False
    for i in range(at, min(at + 14, len(words))):
        if words[i] in ("quoted", "cited") and words[i - 1] in _BE:
            return Stance.SAID if kind else None
        if kind and words[i - 1] not in _BE and words[i - 1] not in _DETERMINERS:
            stance = _english_asked(words, i, broad=True)
            if stance is not None:
                return stance
        if (
            kind
            and words[i] in ("did", "didn't", "does", "doesn't")
            and "not" in (words[min(i + 1, len(words) - 1)], words[i][-3:].replace("n't", "not"))
        ):
            return _after_who(words, i)
        if words[i] in _BARRIERS or (not words[i][0].isalnum() and words[i] not in ("'", "’", "-", ",")):
            return None
        kind = kind or _is_kind(words[i])
    return None


def _english_asked(words: Sequence[str], i: int, *, broad: bool = False) -> Stance | None:
    following = words[i + 1] if i + 1 < len(words) else ""
    phrase = ENGLISH_PHRASES.get((words[i], following))
    if phrase is not None:
        return phrase
    verb = english_verb(words[i])
    if verb is None or (verb.lemma in _TOO_BROAD_EN and not broad):
        return None
    return verb.stance


def _is_kind(word: str) -> bool:
    """Tell whether a word names a kind of speaker."""
    singular = word.removesuffix("'s").removesuffix("’s")
    return (
        singular in _KINDS_EN
        or is_english_title(singular)
        or is_english_institution(singular)
        or is_english_title(singular.removesuffix("s"))
        or singular.endswith(("ist", "ician", "rian", "ntor", "ator"))
    )


def _asked_in_arabic(tokens: Sequence[Token]) -> Stance | None:
    words = [token.folded for token in tokens]
    for i, word in enumerate(words):
        before = words[i - 1] if i else ""
        if word in ("من", "لمن") and (before in _BY_WHOM_AR or (word == "لمن" and before.startswith("وفق"))):
            return _only_arabic_stance(words)
        opens = i == 0 or not before[0].isalnum() or before in ("و", "لكن")
        if word in ("من", "ومن", "فمن") and opens:
            return _after_man(words, i + 1)
        if word in ("اي", "ايه", "واي", "ما", "وما") and opens:
            return _after_ayy(words, i + 1, needs_relative=word in ("ما", "وما"))
    return None


def _only_arabic_stance(words: Sequence[str]) -> Stance:
    stances = [
        verb.stance for word in words if (verb := arabic_verb(word)) and verb.form is Form.FINITE and not verb.doubtful
    ]
    return stances[-1] if stances else Stance.SAID


def _after_man(words: Sequence[str], at: int) -> Stance | None:
    """Read on after "من": a verb, or a kind of speaker with "الذي" and its verb."""
    i = at
    while i < len(words) and words[i] in _AFTER_WHO_AR:
        i += 1
    if i >= len(words):
        return None
    if words[i].removeprefix("ال") in _AUTHORS:
        return Stance.SAID
    verb = _finite(words[i])
    if verb is not None and verb.lemma not in _TOO_BROAD_AR:
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
        if words[i] in _BARRIERS_AR:
            return None
        if relative and words[i] not in _AFTER_WHO_AR:
            return None
        noun = arabic_noun(words[i])
        kind = kind or noun.title or noun.institution or words[i].removeprefix("ال") in _KINDS_AR
        relative = relative or words[i] in ("الذي", "التي", "الذين", "اللذان")
    return None


def _finite(word: str) -> Reporting | None:
    verb = arabic_verb(word)
    return verb if verb is not None and verb.form in (Form.FINITE, Form.WITH_OBJECT) else None
