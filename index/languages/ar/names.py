"""Words and marks of a text, and where an Arabic personal name begins and ends among them."""

import re
from collections.abc import Sequence

from index.languages.ar.lexicon import (
    COMPOUNDS,
    FUNCTION,
    LIKE_THINGS,
    MATTERS,
    ON,
    OPEN,
    PARTICLES,
    THAT,
    THINGS,
    Noun,
    noun_of,
)
from index.languages.ar.reporting_verbs import verb_of
from index.languages.grammar import Form, Token
from index.languages.parts.tokens import tokenise
from index.text.normalisation import Span, fold, word_set

# Verbal nouns by their patterns: "تعويض", "تسوية", "اتفاق", "انتخاب", "انفجار", "استقبال", "استقالة"; and "محاسبة",
# which with the article is as often a family: "المعايطة".
_VERBAL = re.compile("(?:ت..ي[^ه]|ت..يه|ات.ا.|ا.[تطد].ا.|ان..ا.|است..ا.|است.ا.ه)(?:ات|ه|ها|هم|هما)?")
_DONE_TO = re.compile("م.ا..ه")
_LONGEST_NAME = 5
# Particles that may close a name: "عبد الله", "نور الدين".
_COMPLETE = word_set(fold("الله الدين"))


def tokens_in(text: str, span: Span) -> tuple[Token, ...]:
    """Cut a span of the text into words and marks."""
    # Folding makes one word of the preposition and of the name "علي", which is spelt with a yeh.
    return tokenise(text, span, ON)


def name_end(tokens: Sequence[Token], at: int, prefix: int = 0) -> int:
    """Return where the personal name that begins at a token ends, `at` itself when none can begin there."""
    i, parts = at, 0
    while i < len(tokens) and parts < _LONGEST_NAME:
        token = tokens[i]
        folded = head_of(token.folded, prefix) if i == at else token.folded
        if token.folded == "-" and at < i < len(tokens) - 1 and tokens[i - 1].end == token.start:
            i += 1
            continue
        if not token.is_word or _ends_name(tokens, i, at, folded):
            break
        parts += folded not in PARTICLES
        i += 1
    while i > at and (tokens[i - 1].folded in ("بن", "ابن", "بو", "-") or not tokens[i - 1].is_word):
        i -= 1
    return i


def can_name(folded: str) -> bool:
    """Tell whether a folded word may begin a personal name."""
    noun = noun_of(folded)
    if noun.given_name:
        return True
    verb = verb_of(folded)
    return not (
        (len(folded) < 3 and folded not in PARTICLES)
        or folded in FUNCTION
        or folded.removeprefix("ال") in MATTERS
        or folded[:1].isdigit()
        or folded.startswith(("لل", "بال", "وال", "فال"))
        or (verb is not None and (not verb.doubtful or verb.form is Form.WITH_OBJECT or folded.endswith("ا")))
        or (folded.startswith(("ل", "با")) and len(folded) > 4 and folded.endswith("ه"))
        or folded == "ببن"
        or (folded[0] in "وف" and (folded[1:] in FUNCTION or folded[1:] in MATTERS))
        or (folded.endswith(("ين", "ون", "ات", "تين")) and noun.definite)
        or (folded[0] in "لب" and is_known(noun_of(folded[1:])))
    )


def is_definite_end(folded: str) -> bool:
    """Tell whether a word closes a name: a surname with the article."""
    noun = noun_of(folded)
    return noun.definite and not noun.given_name


def is_function(folded: str) -> bool:
    """Tell whether a folded word is a function word or a word of time."""
    return folded in FUNCTION


def _ends_name(tokens: Sequence[Token], i: int, at: int, folded: str) -> bool:
    if i == at:
        return not can_name(folded) or (folded == tokens[i].folded and is_object(tokens, i, 0))
    noun = noun_of(folded)
    before = tokens[i - 1].folded
    if (noun.given_name and not noun.title) or folded in PARTICLES:
        return False
    if noun.title and i + 1 < len(tokens) and (folded, tokens[i + 1].folded) in COMPOUNDS:
        return False
    if noun.given_name and is_name_here(tokens, i, noun):
        return False
    if folded in FUNCTION or folded in MATTERS or folded[0].isdigit() or (len(folded) > 4 and folded in THINGS):
        return True
    verb = verb_of(folded)
    if verb is not None and not (verb.doubtful and verb.form is not Form.PARTICIPLE):
        return True
    if before in PARTICLES:
        titled = noun.title and not noun.definite
        return before in _COMPLETE and (titled or is_object(tokens, i, i - at))
    return is_object(tokens, i, i - at) or _begins_more(tokens, i, at, folded)


def is_object(tokens: Sequence[Token], at: int, parts: int) -> bool:
    """Tell whether a word after that many parts of a name is what its bearer speaks of, and no name itself."""
    folded = tokens[at].folded
    noun = noun_of(folded)
    if folded in LIKE_THINGS or noun.given_name:
        return False
    if tokens[at].is_joined:
        return True
    if noun.place and parts > 1:
        # "قالت ستيفاني جيه لندن إن"
        return not (at + 1 < len(tokens) and tokens[at + 1].folded in THAT)
    definite = folded.removeprefix("ال")
    if definite != folded:
        return (parts > 0 and definite in THINGS) or (parts > 1 and _VERBAL.fullmatch(definite) is not None)
    rest = folded[1:]
    if not (folded[0] in "بل" or (folded[0] == "ك" and len(rest) > 3)):
        return False
    return rest in THINGS or _VERBAL.fullmatch(rest) is not None or _DONE_TO.fullmatch(rest) is not None


def _begins_more(tokens: Sequence[Token], i: int, at: int, folded: str) -> bool:
    """Tell whether a word after a name is a title, a place or a preposition's object, not a further name."""
    noun, before = noun_of(folded), tokens[i - 1].folded
    if folded.startswith("بال") and i == at + 1 and noun_of(before).given_name:
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        return (
            following is not None
            and following.is_word
            and not (announces(tokens, i + 1) or noun_of(following.folded).title)
        )
    if (noun.title or noun.institution) or folded.startswith(("لل", "بال", "كال", "وال")):
        return True
    if noun.definite and folded.endswith(("ات", "يره", "يده")):
        return True
    if folded[0] in "لبوف" and len(folded) > 3 and (is_known(noun_of(folded[1:])) or noun_of(folded[1:]).given_name):
        return True
    return is_definite_end(before) and not noun.definite and not announces(tokens, i + 1)


def is_closed(tokens: Sequence[Token], at: int, end: int) -> bool:
    """Tell whether the name of `tokens[at:end]` ends before a mark, a function word or what its bearer speaks of."""
    if end >= len(tokens) or not tokens[end].is_word or is_function(tokens[end].folded):
        return True
    return is_object(tokens, end, end - at)


def announces(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether what is said begins at a token."""
    return at < len(tokens) and (tokens[at].folded in THAT or tokens[at].folded in ("،", ":"))


def is_known(noun: Noun) -> bool:
    """Tell whether a noun is known for something else than a name."""
    return noun.title or noun.institution or noun.place or noun.definite


def head_of(folded: str, prefix: int) -> str:
    """Return a folded word without the preposition "ل" that is its first letter when `prefix` is 1."""
    if not prefix:
        return folded
    return "ال" + folded[2:] if folded.startswith("لل") else folded[prefix:]


def span_of(tokens: Sequence[Token], first: int, last: int, prefix: int = 0) -> Span:
    """Return the span of the text from one token to before another."""
    start = tokens[first].start
    return Span(start + (0 if tokens[first].folded.startswith("لل") else prefix), tokens[last - 1].end)


def is_name_here(tokens: Sequence[Token], at: int, noun: Noun) -> bool:
    """Tell "أمين محفوظ", a name, from "أمين عام", a title."""
    if not noun.given_name or noun.definite:
        return False
    if at + 1 >= len(tokens) or not tokens[at + 1].is_word:
        return True
    after = noun_of(tokens[at + 1].folded)
    return not (after.institution or after.place or tokens[at + 1].folded in OPEN) and (
        not after.definite or at + 2 >= len(tokens) or not noun_of(tokens[at + 2].folded).definite
    )
