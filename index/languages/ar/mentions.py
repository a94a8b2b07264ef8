"""Speakers as Arabic writes them: a title and what belongs to it, a name, an institution."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.languages.ar.lexicon import (
    ALONE,
    AUDIENCE,
    DAYS,
    EVENTS,
    KIN,
    NAMELESS,
    OPEN,
    PARTICLES,
    SAME,
    SOME,
    TWO_WORD_PLACES,
    WITH_B,
    WITH_IN,
    Noun,
    noun_of,
)
from index.languages.ar.names import (
    can_name,
    head_of,
    is_closed,
    is_function,
    is_known,
    is_name_here,
    name_end,
    span_of,
)
from index.languages.ar.reporting_verbs import verb_of
from index.languages.grammar import Mention, MentionKind, Token
from index.languages.parts.tokens import CLOSING, OPENING


def mention_at(tokens: Sequence[Token], at: int, prefix: int = 0) -> Mention | None:
    """Read a mention that begins at a token; `prefix` letters of it are a preposition."""
    if at >= len(tokens):
        return None
    opened = tokens[at].folded in OPENING
    if opened:
        return _quoted_name(tokens, at)
    if not tokens[at].is_word:
        return None
    folded = head_of(tokens[at].folded, prefix)
    if folded in ALONE and at + 1 < len(tokens):
        noun = noun_of(tokens[at + 1].folded)
        if noun.title or noun.institution:
            return Mention(MentionKind.SAME, span_of(tokens, at, at + 2), None, at, at + 2, noun.gender)
    if folded in SOME:
        return _some(tokens, at)
    noun = noun_of(folded)
    if noun.title and not is_name_here(tokens, at, noun):
        return _titled(tokens, at, noun, prefix)
    if noun.institution and not noun.given_name:
        return _institution(tokens, at, noun, prefix)
    if noun.place:
        return Mention(MentionKind.INSTITUTION, span_of(tokens, at, at + 1, prefix), None, at, at + 1)
    return _named(tokens, at, prefix)


def _some(tokens: Sequence[Token], at: int) -> Mention | None:
    """Read "أحد المسؤولين", "عدد من الخبراء"."""
    begin = at + 1 + (at + 1 < len(tokens) and tokens[at + 1].folded == "من")
    if begin >= len(tokens):
        return None
    noun = noun_of(tokens[begin].folded)
    if not (noun.title or noun.institution):
        return None
    end = _description_end(tokens, begin, noun)
    return Mention(MentionKind.TITLE, span_of(tokens, at, end), None, at, end)


def _titled(tokens: Sequence[Token], at: int, noun: Noun, prefix: int) -> Mention:
    end = _description_end(tokens, at, noun, prefix)
    if head_of(tokens[at].folded, prefix) in KIN and end < len(tokens) and tokens[end].is_word:
        # "والد سلمان العبيدي" speaks, not his son.
        end = max(end, name_end(tokens, end))
    role = span_of(tokens, at, end, prefix)
    name = None if noun.gender == "p" or head_of(tokens[at].folded, prefix) in NAMELESS else _name_after(tokens, end)
    if name is not None:
        apposed = _apposed(tokens, name)
        if apposed is not None:
            return replace(apposed, role=span_of(tokens, at, name.last, prefix), first=at, gender=noun.gender)
        return Mention(MentionKind.PERSON, name.name, role, at, name.last, noun.gender)
    if end < len(tokens) and tokens[end].folded in SAME:
        return Mention(MentionKind.SAME, span_of(tokens, at, end + 1), None, at, end + 1, noun.gender)
    return Mention(MentionKind.TITLE, role, None, at, end, noun.gender)


def _name_after(tokens: Sequence[Token], at: int) -> Mention | None:
    """Read the name that follows a title, at once, in quotation marks, or between commas."""
    if at >= len(tokens):
        return None
    if tokens[at].folded in OPENING:
        return _quoted_name(tokens, at)
    if tokens[at].is_word:
        end = name_end(tokens, at)
        return _person(tokens, at, end) if end > at else None
    if tokens[at].folded not in "،," or at + 2 >= len(tokens):
        return None
    inner = tokens[at + 1].folded
    noun = noun_of(inner)
    if noun.title and not is_name_here(tokens, at + 1, noun):
        ranked = _titled(tokens, at + 1, noun, 0)
        return ranked if ranked.kind is MentionKind.PERSON else None
    end = name_end(tokens, at + 1)
    if end == at + 1:
        return _quoted_name(tokens, at + 1)
    closed = is_closed(tokens, at + 1, end)
    likely = noun.given_name or inner in PARTICLES or (closed and end - at > 2)
    return _person(tokens, at + 1, end) if likely or (closed and noun.definite) else None


def _apposed(tokens: Sequence[Token], name: Mention) -> Mention | None:
    """Read whose title it is where what looked like a name is a club's: "مدرب نجوم سمهر، الإسباني خافيير روميرو"."""
    at = name.last + 2
    if name.last - name.first > 1 or at >= len(tokens) or tokens[name.last].folded not in ("،", ","):
        return None
    origin = tokens[at - 1].folded
    if not (noun_of(origin).definite and origin.endswith("ي")):
        return None
    end = name_end(tokens, at)
    return _person(tokens, at, end) if end - at > 1 else None


def _quoted_name(tokens: Sequence[Token], at: int) -> Mention | None:
    """Read a name that stands in quotation marks, as foreign names do."""
    if at + 2 >= len(tokens) or tokens[at].folded not in OPENING:
        return None
    end = name_end(tokens, at + 1)
    if end == at + 1 or end >= len(tokens) or tokens[end].folded not in CLOSING:
        return None
    return Mention(MentionKind.PERSON, span_of(tokens, at + 1, end), None, at, end + 1)


def _person(tokens: Sequence[Token], at: int, end: int) -> Mention:
    return Mention(MentionKind.PERSON, span_of(tokens, at, end), None, at, end)


def _institution(tokens: Sequence[Token], at: int, noun: Noun, prefix: int) -> Mention:
    end = _description_end(tokens, at, noun, prefix, institution=True)
    if end < len(tokens) and tokens[end].folded in SAME:
        return Mention(MentionKind.SAME, span_of(tokens, at, end + 1), None, at, end + 1, noun.gender)
    return Mention(MentionKind.INSTITUTION, span_of(tokens, at, end, prefix), None, at, end, noun.gender)


def _named(tokens: Sequence[Token], at: int, prefix: int) -> Mention | None:
    """Read a name with no title before it, and the title that may follow it."""
    end = name_end(tokens, at, prefix)
    if end == at:
        return None
    folded = head_of(tokens[at].folded, prefix)
    noun = noun_of(folded)
    name, role, last = span_of(tokens, at, end, prefix), None, end
    follows = end + (end < len(tokens) and tokens[end].folded in ("،", ","))
    if follows < len(tokens) and tokens[follows].is_word:
        after = noun_of(tokens[follows].folded)
        if after.title and not after.given_name:
            last = _description_end(tokens, follows, after)
            role = span_of(tokens, follows, last)
    return Mention(
        MentionKind.PERSON, name, role, at, last, "", noun.given_name or folded in PARTICLES or role is not None
    )


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
    state = _Description(
        at + 1, noun.definite, head, institution, noun.institution, noun.definite, bodies=int(noun.institution)
    )
    while state.end < len(tokens):
        token = tokens[state.end]
        step = _word_step(tokens, state) if token.is_word else _mark_step(tokens, state)
        if not step:
            break
        state.end += step
    while state.end > at + 1 and (
        not tokens[state.end - 1].is_word and tokens[state.end - 1].folded not in CLOSING | {")"}
    ):
        state.end -= 1
    return state.end


def _mark_step(tokens: Sequence[Token], state: _Description) -> int:
    """Return how many tokens of a quoted or bracketed part, or a joining mark, belong to the description."""
    i, mark = state.end, tokens[state.end].folded
    if mark in ("/", "-") and i + 1 < len(tokens) and tokens[i + 1].is_word and tokens[i - 1].end == tokens[i].start:
        return 2
    if mark in OPENING and (not state.complete or (state.last_institution and state.institution)):
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
    noun = noun_of(folded)
    if folded in ("باسم", "من", "في", "عن", "لدي"):
        return _prepositional_step(tokens, state, folded)
    if folded == "و" and state.end + 1 < len(tokens):
        # A "و" written apart from its word.
        joined = noun_of(tokens[state.end + 1].folded)
        return 2 if (joined.title or joined.definite) and not joined.given_name and joined.definite else 0
    if _two_word_place(tokens, state.end):
        state.complete, state.last_institution = True, False
        return 2
    if _starts_name(tokens, state, noun):
        return 0
    if (
        noun.definite
        or noun.place
        or noun.title
        or noun.institution
        or (folded in OPEN and not folded.startswith("بن"))
    ):
        # A body's name after a complete description is another noun: "دعا حزب العمال النيابة إلى …".
        another = noun.institution and not folded.endswith("يه") if noun.definite else noun.title
        if folded in DAYS or (state.complete and another):
            return 0
        state.complete = noun.definite or noun.place
        state.last_institution = noun.institution
        state.bodies += noun.institution
        state.head = folded.removeprefix("ال") if noun.title else state.head
        state.definite_head = state.definite_head or state.complete
        return 1
    if _is_indefinite_adjective(state, folded, noun):
        state.complete, state.last_institution, state.unknown = True, False, state.unknown + 1
        return 1
    taken = _joined_step(tokens, state, folded)
    if taken or state.complete:
        return taken
    return _unknown_step(tokens, state, folded)


def _is_indefinite_adjective(state: _Description, folded: str, noun: Noun) -> bool:
    """Tell "مصدر أمني", "خبير اقتصادي" by the ending."""
    return (
        not state.definite_head
        and folded.endswith(("ي", "يه"))
        and not noun.given_name
        and state.unknown < 3
        and can_name(folded)
    )


def _two_word_place(tokens: Sequence[Token], at: int) -> bool:
    if at + 1 >= len(tokens):
        return False
    first, second = tokens[at].folded, tokens[at + 1].folded
    return (first, second) in TWO_WORD_PLACES or (first[:1] in "بل" and (first[1:], second) in TWO_WORD_PLACES)


def _starts_name(tokens: Sequence[Token], state: _Description, noun: Noun) -> bool:
    folded = tokens[state.end].folded
    if folded in PARTICLES and folded != "ال":
        return True
    if not noun.given_name or (noun.title and not state.complete):
        return False
    if not noun.definite:
        return state.complete or not state.last_institution
    i = state.end + 1
    return state.complete and i < len(tokens) and tokens[i].is_word and can_name(tokens[i].folded)


def _prepositional_step(tokens: Sequence[Token], state: _Description, preposition: str) -> int:
    i = state.end + 1
    if preposition == "باسم":
        state.complete, state.last_institution = False, False
        return 1
    if i >= len(tokens):
        return 0
    after = tokens[i].folded
    noun = noun_of(after)
    if preposition == "من":
        # "حزب المؤتمر من أجل الجمهورية"
        return 3 if state.institution and after == "اجل" and i + 1 < len(tokens) else 0
    if after in EVENTS or after in DAYS:
        return 0
    body = noun.institution and not noun.definite and after not in AUDIENCE
    if preposition == "في" and not noun.place and (state.institution or (state.head not in WITH_IN and not body)):
        return 0
    minister = noun.title and preposition == "لدي"
    if not (noun.institution or noun.place or minister or (noun.definite and preposition != "عن")):
        return 0
    state.complete, state.last_institution = noun.definite or noun.place, noun.institution
    return 2


def _joined_step(tokens: Sequence[Token], state: _Description, folded: str) -> int:
    """Take a word with an attached "و", "ل" or "ب" that goes on with the description."""
    rest = "ال" + folded[2:] if folded.startswith("لل") else folded[1:]
    if folded[0] not in "ولب" or len(folded) < 4 or verb_of(folded) is not None:
        return 0
    noun = noun_of(rest)
    if folded[0] == "ل" and rest.removeprefix("ال") in AUDIENCE:
        return int(state.bodies > 0 and folded.startswith("لل") and rest.endswith("ين"))
    if folded[0] == "ل" and folded.endswith("ه") and not is_known(noun) and state.end + 1 < len(tokens):
        # "لمكافحة الإرهاب"
        state.complete = state.last_institution = False
        return int(noun_of(tokens[state.end + 1].folded).definite)
    if folded[0] == "و" and (noun.given_name or not (noun.definite or noun.title)):
        return 0
    if (
        folded[0] == "ل"
        and state.institution
        and state.end + 1 < len(tokens)
        and rest not in DAYS
        and not is_known(noun)
    ):
        return _purpose_step(tokens, state.end + 1)
    if folded[0] == "ل" and rest in OPEN:
        state.complete = False
        return 1
    if not is_known(noun) or rest in DAYS:
        return _unknown_place_step(tokens, state, folded)
    if folded[0] == "ب" and state.head in WITH_B:
        state.complete = noun.definite or noun.place
        return 1
    if folded[0] == "ب" and not noun.place and (state.institution or not noun.institution):
        return 0
    state.head = rest.removeprefix("ال") if noun.title else state.head
    state.complete, state.last_institution = noun.definite or noun.place, noun.institution
    return 1


def _unknown_place_step(tokens: Sequence[Token], state: _Description, folded: str) -> int:
    """Take an unknown place when a name follows: "المندوب الجهوي بطبرقة هشام المحواشي"."""
    i = state.end + 1
    return int(folded[0] == "ب" and state.complete and i < len(tokens) and noun_of(tokens[i].folded).given_name)


def _purpose_step(tokens: Sequence[Token], at: int) -> int:
    """Take what an institution is for: "الشركة الوطنية لاستغلال وتوزيع المياه"."""
    following = tokens[at].folded
    if noun_of(following).definite and following not in DAYS:
        return 2
    joined = at + 1 < len(tokens) and noun_of(tokens[at + 1].folded).definite
    return 3 if joined and following[0] == "و" and not is_function(following) else 0


def _unknown_step(tokens: Sequence[Token], state: _Description, folded: str) -> int:
    """Take the unknown complement of a word that needs one: "شركة سامسونغ", "رئيس نداء تونس"."""
    if not can_name(folded) or state.unknown >= (3 if state.last_institution or state.institution else 1):
        return 0
    state.unknown += 1
    if not (state.last_institution or state.institution):
        state.complete = True
    return 1
