"""Two answers to one question held against each other: has the answer changed, and in what?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from index.analysis import name_keys
from index.analysis.entities import EntityKind, entities_of
from index.text.normalisation import fold
from qa.answer import Answer, Citation, ShortAnswer, Speaker


class Aspect(StrEnum):
    """What of an answer has changed; the sides are the quotes beside the first, such as those that contradict it."""

    STATE = "state"
    QUOTE = "quote"
    SHORT = "short"
    SPEAKER = "speaker"
    SIDES = "sides"


@dataclass(frozen=True, slots=True)
class Change:
    """An answer before and after it changed, and at least one aspect in which it did."""

    before: Answer
    after: Answer
    aspects: tuple[Aspect, ...]

    def to_dict(self) -> dict[str, object]:
        """Return the change as plain JSON values."""
        return {
            "changed": [aspect.value for aspect in self.aspects],
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Change":
        """Read back what `to_dict` gave."""
        before, after = Answer.from_dict(data["before"]), Answer.from_dict(data["after"])
        return cls(before, after, tuple(Aspect(name) for name in data["changed"]))


def compare(before: Answer, after: Answer) -> Change | None:
    """Return in what an answer has changed, None where it says the same.

    The same sentence is no change, whatever else of its article was revised, nor the same words in a copy of the
    article; nor another confidence, another order of the same quotes, or other articles that only come close.
    """
    ours, theirs = before.used, after.used
    new = [one for one in theirs if not any(_is_same(one, other) for other in ours)]
    gone = [one for one in ours if not any(_is_same(one, other) for other in theirs)]
    lead = (*ours[:1], *theirs[:1])
    found = {
        Aspect.STATE: before.state is not after.state,
        Aspect.QUOTE: any(one in lead for one in (*new, *gone)),
        Aspect.SHORT: _differ(before, after),
        Aspect.SPEAKER: _said_by_another(ours, theirs),
        Aspect.SIDES: max(len(ours), len(theirs)) > 1
        and (len(ours) != len(theirs) or any(one not in lead for one in (*new, *gone))),
    }
    aspects = tuple(aspect for aspect, is_other in found.items() if is_other)
    return Change(before, after, aspects) if aspects else None


def _is_same(one: Citation, other: Citation) -> bool:
    """Tell whether two citations quote the same sentence, or the same words in one article or in copies of it."""
    if _place(one) == _place(other):
        return True
    copies = {one.article.id, *(copy.id for copy in one.also_in)}, {other.article.id, *(c.id for c in other.also_in)}
    is_copied = other.article.id in copies[0] or one.article.id in copies[1]
    return is_copied and _words(one.quote) == _words(other.quote)


def _place(citation: Citation) -> tuple[str, int, int, int]:
    return citation.article.id, citation.revision, citation.start, citation.end


def _words(text: str) -> str:
    return " ".join(fold(text).split())


def _differ(before: Answer, after: Answer) -> bool:
    """Tell whether the short answers differ, in whatever order they come."""
    if not before.shorts or not after.shorts:
        return before.shorts != after.shorts
    said = [[_says_same(one, before, other, after) for other in after.shorts] for one in before.shorts]
    return not all(any(row) for row in said) or not all(any(column) for column in zip(*said, strict=True))


def _says_same(one: ShortAnswer, before: Answer, other: ShortAnswer, after: Answer) -> bool:
    """Tell whether two short answers have the same words or give the same figures."""
    if _words(one.text) == _words(other.text):
        return True
    ours, theirs = _figures(one, before), _figures(other, after)
    return bool(ours) and ours == theirs


def _figures(short: ShortAnswer, answer: Answer) -> frozenset[str]:
    """Return the numbers of a short answer, in every form they may be written in."""
    language = next((one.language for one in answer.citations if one.number == short.number), None)
    found = entities_of(short.text, language)
    return frozenset(form for fact in found if fact.kind is EntityKind.NUMBER for form in fact.forms)


def _said_by_another(ours: Sequence[Citation], theirs: Sequence[Citation]) -> bool:
    """Tell whether the first quote is said by another speaker than what stands for it in the other answer."""
    if not ours or not theirs:
        return False
    same = next((one for one in theirs if _is_same(one, ours[0])), theirs[0])
    return not _is_same_speaker(ours[0], same)


def _is_same_speaker(one: Citation, other: Citation) -> bool:
    if one.speaker is None or other.speaker is None:
        return one.speaker is other.speaker
    if _words(one.speaker.name) == _words(other.speaker.name):
        return True
    # The same person in full and by the last name, or in another script.
    ours, theirs = _keys(one.speaker, one), _keys(other.speaker, other)
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


def _keys(speaker: Speaker, citation: Citation) -> set[str]:
    return set(name_keys(speaker.name, citation.language))
