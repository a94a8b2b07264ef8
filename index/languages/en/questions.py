"""What an English question asks for."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.languages.en.figures import FIGURES, HOW_MANY
from index.languages.en.lexicon import is_institution, is_title
from index.languages.en.reporting_verbs import PHRASES, verb_of
from index.languages.en.stance import is_not
from index.languages.grammar import Request, Shape, Stance
from index.languages.parts.latin import names_asked
from index.languages.parts.questions import overview, request_of
from index.languages.parts.tokens import tokenise
from index.text.normalisation import Span, fold, word_set

# Only whether something is so can be denied: "Will the plant close?".
_YES_OR_NO = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|must|may)\b", re.IGNORECASE
)
_DAYS = word_set(
    "january february march april june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
)
_OVERVIEWS = {
    Shape.TIMELINE: re.compile(
        r"^(?:(?:give|show|write|make|draw)(?:\s+me)?\s+)?(?:an?\s+|the\s+)?(?:timeline|chronology)\s+(?:of|for|on)\s+(?P<about>.+)",
        re.IGNORECASE,
    ),
    Shape.COMPARISON: re.compile(
        r"^compare\s+(?P<about>.+)|^how\s+do(?:es)?\s+(?P<differ>.+?)\s+(?:differ|compare)\b.*", re.IGNORECASE
    ),
    Shape.STATEMENTS: re.compile(
        r"^(?:summari[sz]e|list|collect|sum\s+up)\s+what\s+(?P<who>.+?)\s+(?:has\s+|have\s+)?(?:said|says|say|told)"
        r"(?:\s+(?:about|on|of)\s+(?P<about>.+))?$",
        re.IGNORECASE,
    ),
}
# What people are compared by: "compare what A and B said about T".
_SAYINGS = re.compile(
    r"^(?:what|how)\s+(?P<who>.+?)\s+(?:said|says|say|told|think|thinks)(?:\s+(?:about|on|of)\s+(?P<about>.+))?$",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:,|،)\s*(?:and\s+)?|\s+and\s+", re.IGNORECASE)
_BE = word_set("is are was were be been being isn't aren't wasn't weren't")
_DETERMINERS = word_set(
    "the a an his her their its our my your this that these those of in on at by for with from no any some new to several many two three"
)
_WHO_SKIPPED = word_set(
    "has have had also first then publicly later officially strongly flatly reportedly did didn't not does doesn't never exactly else recently"
)
_BARRIERS = word_set(
    "after before when while because since although if where as than did does do didn't doesn't to that who whom which why how and"
)
_KINDS = word_set(
    "man woman person people side group country organisation organization body politician figure one individual institution academic "
    "body nation state player celebrity leader parent relative think-tank candidate star lawmaker company boss republican democrat "
    "media outlet family member members sister brother studio church"
)
_TOO_BROAD = word_set("find put continue ask attribute write call point think believe challenge contest quote report")


def request(question: str) -> Request:
    """Return what a question asks for."""
    words = [token.folded for token in tokenise(question, Span(0, len(question)))]
    asked = request_of(
        question,
        overview(question, _OVERVIEWS, _SAYINGS, _AND),
        _stance_asked(words),
        whether=_YES_OR_NO.match(question) is not None,
        counts=HOW_MANY.search(fold(question)) is not None,
        toll=FIGURES.toll,
    )
    return replace(asked, is_negated=any(map(is_not, words)), names=names_asked(question, _DAYS))


def _stance_asked(words: Sequence[str]) -> Stance | None:
    """Return the kind of statement whose speaker is asked for, None where no speaker is."""
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
    stances = [verb.stance for word in words if (verb := verb_of(word)) and not verb.doubtful]
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
    return _asked(words, i) if i < len(words) and words[i - 1] not in ("did", "does") else None


def _after_which(words: Sequence[str], at: int) -> Stance | None:
    """Read on after "which": a kind of speaker, then its verb."""
    kind = False
    for i in range(at, min(at + 14, len(words))):
        if words[i] in ("quoted", "cited") and words[i - 1] in _BE:
            return Stance.SAID if kind else None
        if kind and words[i - 1] not in _BE and words[i - 1] not in _DETERMINERS:
            stance = _asked(words, i, broad=True)
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


def _asked(words: Sequence[str], i: int, *, broad: bool = False) -> Stance | None:
    following = words[i + 1] if i + 1 < len(words) else ""
    phrase = PHRASES.get((words[i], following))
    if phrase is not None:
        return phrase
    verb = verb_of(words[i])
    if verb is None or (verb.lemma in _TOO_BROAD and not broad):
        return None
    return verb.stance


def _is_kind(word: str) -> bool:
    """Tell whether a word names a kind of speaker."""
    singular = word.removesuffix("'s").removesuffix("’s")
    return (
        singular in _KINDS
        or is_title(singular)
        or is_institution(singular)
        or is_title(singular.removesuffix("s"))
        or singular.endswith(("ist", "ician", "rian", "ntor", "ator"))
    )
