"""What an Arabic sentence reports: its reporting verb, and the speaker the sentence itself names."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from index.languages.ar.lexicon import AUDIENCE, DAYS, PARTICLES, THAT, noun_of
from index.languages.ar.mentions import mention_at
from index.languages.ar.names import head_of, is_function
from index.languages.ar.reporting_verbs import has_conjunction, verb_of
from index.languages.grammar import Form, Mention, MentionKind, Reporting, Stance, Statement, Token
from index.languages.parts.tokens import CLOSING, OPENING
from index.text.normalisation import Span, fold, word_set

_NEGATORS = word_set(fold("لم لن لا ولم ولن ولا فلم"))
_STARTERS = word_set(
    fold(
        "قد كما حيث الذي التي الذين فيما بينما لقد ما وقد كان كانت وكان وكانت ثم و والذي والتي وكما بما مثلما حين حينما عندما فقد"
    )
)
_RELATIVE = word_set(fold("الذي التي والذي والتي الذين"))
_ADVERBS = DAYS | word_set(
    fold(
        "أيضا كذلك بدوره بدورها بدورهم مجددا به بها عنه عنها فيه فيها له لها هنا مؤخرا سابقا رسميا صراحة بوضوح خلاله خلالها وقتها حينها من"
    )
)
_SIDES = word_set(fold("جهته جهتها جهتهم جانبه جانبها جانبهم ناحيته ناحيتها طرفه طرفها جهة جانب"))
_ASIDE = word_set(fold("في خلال عقب إثر أثناء لدى ضمن عبر بعد ل أمام")) | {"على"}
_ACCORDING = word_set(fold("وفق وفقا بحسب حسب طبقا ووفقا ووفق وبحسب وحسب وطبقا استنادا ونقلا نقلا"))
_ACCORDING_TO = word_set(fold("وفقا طبقا ووفقا وطبقا استنادا"))
_UTTERANCES = word_set(
    fold("تصريح تصريحات بيان قول أقوال بلاغ إفادة تأكيدات تأكيد رواية شهادة تقديرات رأي تعبير وصف نص معطيات كلام ما")
)
_ORIGIN = word_set(fold("عن ل لدى من"))
_GOALS = word_set(fold("الهدف هدف هدفا الهدفين هدفين نقطة"))
_CLAUSAL = word_set(fold("بين واصل تابع أكمل استطرد"))
_MANY = word_set(fold("عدد مجموعة جميع كل بعض ممثلو كلا كلتا ما"))
_PREPOSITIONS = {"على"} | word_set(fold("مع من إلى عن بين ضد حول في لدى بعد قبل أمام نحو تجاه مثل ضمن وعن ومن ومع"))


def statement_in(tokens: Sequence[Token], known: frozenset[str]) -> Statement | None:
    """Read what an Arabic sentence reports; `known` holds the surnames the article has used with a full name."""
    headed = _headed(tokens)
    if headed is not None:
        return headed
    quoted = _quoted(tokens)
    carried: Statement | None = None
    for i, token in enumerate(tokens):
        if not token.is_word or quoted[i]:
            continue
        found = _according(tokens, i, known)
        if found is None:
            verb = verb_of(token.folded)
            if verb is None or verb.form is Form.PARTICIPLE or verb.form is Form.NOUN:
                continue
            found = _finite(tokens, i, verb, known, quoted)
        if found is None:
            continue
        if found.speaker is not None:
            return found if carried is None or carried.cue is None or not _opens(tokens, carried) else carried
        carried = carried or found
    return carried


def mentions_in(tokens: Sequence[Token], known: frozenset[str] = frozenset()) -> Iterator[Mention]:
    """Return the people and bodies a sentence mentions with a title, a given name or a known surname."""
    i = 0
    while i < len(tokens):
        found = _likely_mention(tokens, i, known) if tokens[i].is_word else None
        if found is None:
            i += 1
        else:
            yield found
            i = found.last


def _likely_mention(tokens: Sequence[Token], at: int, known: frozenset[str]) -> Mention | None:
    folded = tokens[at].folded
    noun = noun_of(folded)
    prefix = 0
    if not (noun.title or noun.institution or noun.given_name or folded in PARTICLES or folded in known):
        prefix = 1 if folded[0] in "ولبف" and len(folded) > 4 else 0
        rest = folded[1:]
        noun = noun_of(rest)
        if not prefix or not (noun.title or noun.given_name or (rest in known and len(rest) > 4)):
            return None
    if len(folded) < 3 and folded not in PARTICLES:
        return None
    return mention_at(tokens, at, prefix)


def _opens(tokens: Sequence[Token], statement: Statement) -> bool:
    """Tell whether a statement's verb is among the first words of the sentence."""
    return statement.cue is not None and any(token.start <= statement.cue.start < token.end for token in tokens[:3])


def _quoted(tokens: Sequence[Token]) -> list[bool]:
    """Mark the tokens that stand within quotation marks."""
    inside, flags = False, list[bool]()
    for token in tokens:
        if not token.is_word and token.folded in OPENING | CLOSING and token.folded not in "'‘’":
            opens = token.folded in "«" or (token.folded not in "»" and not inside)
            inside = opens
            flags.append(True)
        else:
            flags.append(inside)
    return flags


def _headed(tokens: Sequence[Token]) -> Statement | None:
    """Read "فلان: ...", a speaker with a colon after it."""
    if not tokens or not tokens[0].is_word or verb_of(tokens[0].folded):
        return None
    mention = mention_at(tokens, 0)
    if mention is None or not mention.is_sure or mention.last >= len(tokens) - 1 or tokens[mention.last].folded != ":":
        return None
    return Statement(Stance.SAID, None, mention) if mention.kind is MentionKind.PERSON else None


def _finite(
    tokens: Sequence[Token], i: int, verb: Reporting, known: frozenset[str], quoted: Sequence[bool]
) -> Statement | None:
    before = tokens[i - 1].folded if i else ""
    negated = before in _NEGATORS
    if verb.form is Form.WITH_OBJECT and before in _RELATIVE:
        return None
    if before == "قد" and tokens[i].folded[0] in "يت" and not tokens[i].folded.startswith(verb.lemma[:3]):
        # "قد تطالب": may demand.
        return None
    # "لم يستبعد" says something; "لم يعلن" says nothing.
    if (negated and verb.stance is not Stance.DENIED) or not _may_report(tokens, i, verb, before):
        return None
    stance = Stance.SAID if negated else verb.stance
    span = _verb_span(tokens[i])
    if verb.lemma == "نقل":
        return _relayed(tokens, i, stance, span) if verb.form is Form.FINITE or before == "ما" else None
    if verb.lemma in _CLAUSAL and not _clause_follows(tokens, i):
        return None
    if verb.lemma == "اضاف" and any(token.folded in _GOALS for token in tokens[i + 1 : i + 8]):
        return None
    subject = _subject(tokens, i, verb, known)
    if subject is not None:
        return Statement(stance, span, subject, verb.gender)
    if verb.form is Form.WITH_OBJECT and verb.lemma != "وصف":
        return None
    topic = _topic(tokens, i, verb, known, quoted)
    if topic is not None:
        return Statement(stance, span, topic, verb.gender)
    return Statement(stance, span, None, verb.gender) if _carries(tokens, i, verb) else None


def _clause_follows(tokens: Sequence[Token], i: int) -> bool:
    """Tell "واصل الوزير قائلا" from "واصل اللاعب تألقه"."""
    return any(
        token.folded in THAT or token.folded in OPENING or token.folded in (":", "قايلا", "قايله", "حديثه", "حديثها")
        for token in tokens[i + 1 : i + 16]
    )


def _may_report(tokens: Sequence[Token], i: int, verb: Reporting, before: str) -> bool:
    if not verb.doubtful:
        return True
    starts = i == 0 or not tokens[i - 1].is_word or before in _STARTERS
    joined = has_conjunction(tokens[i].folded)
    return starts or (joined and verb.lemma not in ("بين", "عبر", "طلب", "كتب", "رد"))


def _verb_span(token: Token) -> Span:
    """Return the verb without its conjunction."""
    return Span(token.start + has_conjunction(token.folded), token.end)


def _subject(tokens: Sequence[Token], i: int, verb: Reporting, known: frozenset[str]) -> Mention | None:
    if verb.gender == "p" and verb.form is Form.FINITE:
        return None
    at = _skip(tokens, i + 1)
    mention = mention_at(tokens, at) or _known_name(tokens, at, known)
    if mention is None or not _agrees(mention, verb):
        return None
    if (
        mention.first == at
        and mention.last - at > 1
        and mention.name.start == tokens[at].start
        and mention.role is None
    ):
        first, second = bare(tokens[at].folded), bare(tokens[at + 1].folded)
        if (
            mention.kind is MentionKind.PERSON
            and first in known
            and second not in known
            and noun_of(tokens[at].folded).definite
        ):
            return _known_name(tokens, at, known)
    if mention.kind is MentionKind.PERSON and (mention.is_sure or mention.role is not None):
        return mention
    after = tokens[mention.last].folded if mention.last < len(tokens) else ""
    announced = after in THAT or after in ("،", ",", ":", "(") or after in OPENING
    head = tokens[at].folded
    if mention.kind is not MentionKind.PERSON:
        return mention if (i == 0 and not has_conjunction(tokens[0].folded)) or _is_subject(verb, head, after) else None
    last = tokens[mention.last - 1].folded
    if bare(head) in known or bare(last) in known or announced:
        return mention
    noun = noun_of(head)
    if verb.transitive or verb.lemma in ("اكد", "كشف", "تابع", "واصل", "تحدث"):
        return mention if verb.form is Form.WITH_OBJECT and noun.definite else None
    return mention if noun.definite or is_function(after) or not after else None


def _known_name(tokens: Sequence[Token], at: int, known: frozenset[str]) -> Mention | None:
    """Read a surname that would be taken for another word had the article not given it before: "بالحاج"."""
    if at >= len(tokens) or tokens[at].folded not in known:
        return None
    return Mention(MentionKind.PERSON, Span(tokens[at].start, tokens[at].end), None, at, at + 1)


def _is_subject(verb: Reporting, head: str, after: str) -> bool:
    """Tell a body that speaks from one that is spoken of: "انتقد الحكومة" has no subject of its own."""
    if head.endswith("ون"):
        return True
    if verb.lemma == "اعتبر":
        return after in THAT or not after[:1].isalpha()
    if head.endswith("ين") and noun_of(head).definite and verb.transitive and not head.endswith("متحدثين"):
        return False
    if verb.lemma in ("اتهم", "طالب", "ناشد", "حث", "نصح", "حمل", "هاجم", "هنا", "انتقد", "دعا"):
        return after not in ("", "ب", "الي", "على", "في", ".")
    return True


def _agrees(mention: Mention, verb: Reporting) -> bool:
    if verb.gender == "p":
        return mention.gender == "p" or mention.kind is MentionKind.SAME
    if mention.kind in (MentionKind.PERSON, MentionKind.SAME) or not mention.gender or verb.gender not in ("m", "f"):
        return True
    if mention.kind is MentionKind.TITLE:
        return mention.gender == "p" or mention.gender == verb.gender or (verb.gender == "f" and not verb.transitive)
    return mention.gender == verb.gender


def _skip(tokens: Sequence[Token], at: int) -> int:
    """Pass over what may stand between a verb and its subject."""
    i = at
    while i < len(tokens):
        folded = tokens[i].folded
        if folded == "من" and i + 1 < len(tokens) and tokens[i + 1].folded in _SIDES:
            i += 2
        elif (folded in _ADVERBS and folded != "من") or (folded in ("،", ",") and i + 1 < len(tokens)):
            i += 1
        else:
            break
    if i < len(tokens) and (tokens[i].folded in _ASIDE or tokens[i].folded[:1] == "ل"):
        comma = next((j for j in range(i, min(i + 14, len(tokens))) if tokens[j].folded in ("،", ",")), None)
        if comma is not None and comma + 1 < len(tokens):
            noun = noun_of(tokens[comma + 1].folded)
            if noun.title or noun.given_name:
                return comma + 1
    return i


def _relayed(tokens: Sequence[Token], i: int, stance: Stance, span: Span) -> Statement | None:
    """Read "نقلت وكالة … عن فلان قوله": the one quoted speaks, not the agency."""
    agency = mention_at(tokens, _skip(tokens, i + 1))
    begin = agency.last if agency is not None else i + 1
    for j in range(begin, min(begin + 8, len(tokens) - 1)):
        if tokens[j].folded == "عن":
            quoted = mention_at(tokens, j + 1)
            if quoted is not None:
                return Statement(stance, span, quoted)
    if agency is not None and agency.kind is not MentionKind.PERSON:
        head = tokens[agency.first].folded.removeprefix("ال")
        return Statement(stance, span, agency) if head in AUDIENCE or head == "مصادر" else None
    return None


def _topic(
    tokens: Sequence[Token], i: int, verb: Reporting, known: frozenset[str], quoted: Sequence[bool]
) -> Mention | None:
    """Find the subject before its verb: "الوزير فلان، الذي …، قال"."""
    relative = i > 0 and tokens[i - 1].folded in _RELATIVE
    best: Mention | None = None
    for mention in mentions_in(tokens[:i], known):
        if quoted[mention.first] and mention.kind is not MentionKind.PERSON:
            continue
        before = tokens[mention.first - 1].folded if mention.first else ""
        object_of = before in _PREPOSITIONS or (
            mention.name.start > tokens[mention.first].start and mention.role is None
        )
        if relative and mention.last >= i - 2:
            return mention
        if object_of or not _agrees(mention, verb):
            continue
        if mention.last == i and mention.kind in (MentionKind.TITLE, MentionKind.INSTITUTION):
            return mention
        if mention.kind is MentionKind.PERSON or mention.first <= 2:
            best = best or mention
    return best


def _carries(tokens: Sequence[Token], i: int, verb: Reporting) -> bool:
    """Tell whether a verb without a subject goes on with the last speaker."""
    before = tokens[i - 1] if i else None
    starts = before is None or not before.is_word or before.folded in ("و", "كما", "ثم", "حيث", "وقد", "قد")
    if not starts and not (i <= 2 and has_conjunction(tokens[i].folded)):
        return False
    if verb.transitive or i + 1 >= len(tokens):
        return verb.gender != "p" and (i + 1 >= len(tokens) or tokens[i + 1].folded not in _MANY)
    following = [token.folded for token in tokens[i + 1 : i + 14]]
    return any(word in THAT or word in OPENING or word in ("الي", "عن", "على", ":", "من") for word in following) or any(
        word.startswith("ب") for word in following[:3]
    )


def _according(tokens: Sequence[Token], i: int, known: frozenset[str]) -> Statement | None:
    """Read "بحسب فلان", "وفقا لـ…", "وفق ما أكده …", "على حد قوله"."""
    folded = tokens[i].folded
    if folded == "على" and i + 2 < len(tokens) and tokens[i + 1].folded == "حد":
        return _utterance(tokens, i + 2, known)
    if folded not in _ACCORDING or i + 1 >= len(tokens):
        return None
    if tokens[i + 1].folded in ("ل", "عن", "على", "الي"):
        return _by(tokens, i + 2, 0)
    return _utterance(tokens, i + 1, known, to=folded in _ACCORDING_TO)


def _utterance(tokens: Sequence[Token], at: int, known: frozenset[str], *, to: bool = False) -> Statement | None:
    folded = tokens[at].folded
    verb = verb_of(folded)
    if verb is not None and verb.form is Form.NOUN:
        return Statement(verb.stance, None, None)
    prefix = int(to and folded[0] == "ل")
    rest = folded[prefix:]
    if rest == "ما" and at + 1 < len(tokens):
        return _as_stated(tokens, at + 1, known)
    if rest in _UTTERANCES and at + 1 < len(tokens):
        return _by_whom(tokens, at + 1)
    return _by(tokens, at, prefix, known)


def _as_stated(tokens: Sequence[Token], at: int, known: frozenset[str]) -> Statement | None:
    """Read on after "وفق ما": a verb and its subject."""
    verb = verb_of(tokens[at].folded)
    if verb is None or verb.form not in (Form.FINITE, Form.WITH_OBJECT):
        return None
    if verb.lemma == "نقل":
        return _relayed(tokens, at, verb.stance, _verb_span(tokens[at]))
    subject = _subject(tokens, at, replace(verb, form=Form.WITH_OBJECT), known)
    return Statement(verb.stance, _verb_span(tokens[at]), subject, verb.gender)


def _by_whom(tokens: Sequence[Token], at: int) -> Statement | None:
    """Read on after "بحسب تصريح": the speaker, at once or after "لـ", "صادر عن", "أدلى به"."""
    for j in range(at, min(at + 4, len(tokens))):
        folded = tokens[j].folded
        if not tokens[j].is_word and folded not in OPENING:
            break
        if folded in _ORIGIN and j + 1 < len(tokens):
            return _by(tokens, j + 1, 0)
        if folded in ("به", "بها"):
            return _by(tokens, j + 1, 0)
        if folded[0] == "ل" and len(folded) > 4 and not noun_of(folded).given_name:
            return _by(tokens, j, 1)
        if j == at:
            found = _by(tokens, j, 0)
            if found is not None:
                return found
    return None


def _by(tokens: Sequence[Token], at: int, prefix: int, known: frozenset[str] = frozenset()) -> Statement | None:
    mention = mention_at(tokens, at, prefix)
    if mention is None or (
        mention.kind is MentionKind.PERSON and not mention.is_sure and not _looks_named(tokens, mention, prefix, known)
    ):
        return None
    return Statement(Stance.SAID, None, mention)


def _looks_named(tokens: Sequence[Token], mention: Mention, prefix: int, known: frozenset[str]) -> bool:
    """Tell "بحسب برنارد لامون" from "بحسب الحصة التدريبية"."""
    first = head_of(tokens[mention.first].folded, prefix)
    if bare(first) in known or bare(tokens[mention.last - 1].folded) in known:
        return True
    return mention.last - mention.first > 1 and not noun_of(first).definite


def bare(folded: str) -> str:
    """Return a folded name without its article."""
    return folded[2:] if folded.startswith("ال") and len(folded) > 4 else folded


@lru_cache(maxsize=256)
def with_article(known: frozenset[str]) -> frozenset[str]:
    """Return surnames as they may stand in a sentence: with the article and without it."""
    return known | {"ال" + name for name in known}
