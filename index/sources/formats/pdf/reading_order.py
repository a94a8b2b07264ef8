"""Lines that character recognition gives letter by letter from the wrong end, turned around."""

import re

from index.article import Repair
from index.sources.damage import mended_like

_WORD = re.compile("[\u0621-\u064a]{3,}")
# Letters that stand at the end of an Arabic word alone, and its article, as they are and from the other end.
_ENDS = ("\u0629", "\u0649")
_ARTICLES, _TURNED = ("ال", "وال", "بال"), ("لا", "لاو", "لاب")
# An alef of a line that was read from its end. As a mark it would stand before a word, where none does.
_ALEF = re.compile("(?<=[\u0621-\u064a])(?=[|!\u200f\u0661]*[|!])[|!\u200f\u0661]+")


def in_reading_order(text: str) -> str:
    """Turn around each line of a page whose Arabic words begin as words end; other lines stay as they are."""
    return "\n".join(_turned(line) if _is_turned(line) else line for line in text.split("\n"))


def _turned(line: str) -> str:
    return mended_like(_ALEF.sub("\u0627", line), Repair.VISUAL_ORDER)


def _is_turned(line: str) -> bool:
    words = _WORD.findall(line)
    # "مثلا" ends so as well: one such word by itself says nothing.
    turned: int = sum(2 * word.startswith(_ENDS) + word.endswith(_TURNED) for word in words)
    right: int = sum(word.endswith(_ENDS) or word.startswith(_ARTICLES) for word in words)
    return turned > max(1, right)
