"""Questions that stand: asked again when the library changes, and what changed told. Entry: `StandingQuestions`."""

from qa.standing.asking import CheckReport, KeptChange, StandingQuestions, Unasked
from qa.standing.changes import Aspect, Change, compare

__all__ = ["Aspect", "Change", "CheckReport", "KeptChange", "StandingQuestions", "Unasked", "compare"]
