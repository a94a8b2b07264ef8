"""Where sentences end: one way for all languages, with each language's abbreviations and first words."""

import re
from functools import lru_cache

from index.analysis.calendar import months
from index.analysis.identification import detect_language
from index.languages import NEUTRAL, PACKS, readers
from index.text.normalisation import Span, fold
from index.text.scripts import script_of

# Longer quotations are read as text of their own, with sentences in them.
_LONGEST_QUOTATION = 300
_CLOSERS = "\"”“»’')\\]}›"
_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_ASKING = ("?", "؟", "？")
_SOLID = re.compile(r"\S")
_STOP = re.compile(
    rf"(?P<mark>[.!?؟。！？｡।॥۔…]+)(?P<closers>\s?[»”](?=\s|$)|[{_CLOSERS}]*)(?P<space>\s+|$)"
    r"|(?P<glued>(?<=[^\W\d_]{3})(?:[.؟!]|(?<=[^\x00-\x7f])\?)(?=[^\W\d_]{2})|[。！？｡।॥۔])"
)
_PAIRS = {"«": "»", "(": ")", "[": "]", "“": "”“", "”": "”“", "„": "”“", '"': '"'}
_MARKS = re.compile('[«»()\\[\\]“”„"]')
_WORD_BEFORE = re.compile(r"(?:[^\W_]|[.'’\u064b-\u0652])+$")
_LONGEST_ABBREVIATION = 20
# In some languages a number with a point is an ordinal: "am 3. Oktober", "im 19. Jahrhundert".
_AFTER_ORDINALS = frozenset({"jahrhundert", "jh"})
_NEXT_WORD = re.compile(r"[^\W\d_]+")


def sentences(text: str, start: int = 0, end: int | None = None, *, language: str | None = None) -> list[Span]:
    """Return the sentences of `text[start:end]` in offsets of `text`, without the white space around them.

    `language` is the text's, by its code; it is detected where it is not given.

    A line break always ends a sentence. A short quotation or parenthesis that closes in its paragraph stays
    whole; abbreviations, initials, decimals and the Arabic ".." (a pause) do not end one.
    """
    body = text[start:end]
    found: list[Span] = []
    code = language or detect_language(text)
    for line in _LINE.finditer(body):
        for span in _in_line(line.group(), code):
            found.append(Span(start + line.start() + span.start, start + line.start() + span.end))
    return found


def is_question(sentence: str) -> bool:
    """Tell whether a sentence asks, by its last mark; what is asked within quotation marks is told by the sentence."""
    return sentence.rstrip().endswith(_ASKING)


def _in_line(line: str, code: str) -> list[Span]:
    begin = _skip_space(line, 0)
    kept = _kept_whole(line)
    until = 0
    found: list[Span] = []
    for stop in _STOP.finditer(line):
        if stop.end() == len(line):
            break
        cut = stop.end("glued") if stop["glued"] else stop.end("closers")
        while kept and kept[-1].start < cut:
            until = max(until, kept.pop().end)
        if cut > until and _ends(line, stop, begin, code):
            _add(found, line, begin, cut)
            begin = _skip_space(line, cut)
    _add(found, line, begin, len(line))
    return found


def _add(found: list[Span], line: str, start: int, end: int) -> None:
    """Add a sentence; marks without a word belong to the sentence before them."""
    end = start + len(line[start:end].rstrip())
    if start == end:
        return
    if found and not any(map(str.isalnum, line[start:end])):
        start = found.pop().start
    found.append(Span(start, end))


def _skip_space(line: str, at: int) -> int:
    solid = _SOLID.search(line, at)
    return solid.start() if solid else len(line)


def _ends(line: str, stop: re.Match[str], begin: int, code: str) -> bool:
    """Tell whether a stop ends the sentence that begins at `begin`."""
    if stop["glued"]:
        return _glued_ends(line, stop)
    mark, following = stop["mark"], line[stop.end()]
    rest = following.lstrip("\"“«'‘([")
    after = rest or line[stop.end() + 1 : stop.end() + 2]
    if after.islower():
        return False
    if mark in ("..", "...", "…", "...."):
        return after.isupper() and len(mark) != 2
    if stop["closers"]:
        # Scripts without capitals do not show whether the sentence goes on; after «...؟» or "(...)" it mostly does.
        return after.isupper() or (mark == "." and not set(")]") & set(stop["closers"]))
    if mark != ".":
        return True
    word = _WORD_BEFORE.search(line, max(begin, stop.start() - _LONGEST_ABBREVIATION), stop.start())
    return word is None or not _abbreviates(word.group(), line, word.start() == begin, stop.end(), code)


def _glued_ends(line: str, stop: re.Match[str]) -> bool:
    """Tell whether a stop with no space after it ends a sentence: "قال.وأضاف" does, "www.site.com" does not."""
    before, after = line[stop.start() - 1], line[stop.end()]
    if before.isascii() or after.isascii():
        return before.islower() and after.isupper() and line[stop.end() + 1].islower()
    return True


def _abbreviates(word: str, line: str, first: bool, following: int, code: str) -> bool:
    bare = word.strip(".'’").casefold()
    read_by = readers(script_of(bare), code)
    for own in read_by:
        bare = own.elision.sub("", bare, count=1)
    known = any(bare in own.abbreviations for own in (*read_by, NEUTRAL.orthography))
    if "." in bare or (len(bare) == 1 and bare.isalpha() and not known):
        # Initials: "J. Smith", "U.S. troops"; but "the U.S. He ...", "Plan B. It ...".
        return not _opens(line, following, code)
    if known:
        return all(bare not in own.open_abbreviations for own in read_by) or not _opens(line, following, code)
    # "1. First item", "am 3. Oktober"
    return bare.isdigit() and len(bare) <= 2 and (first or _follows_ordinal(line, following, code))


def _opens(line: str, following: int, code: str) -> bool:
    """Tell whether the next word opens a sentence so often that one ends before it: "U.S. He", "etc. They"."""
    word = _NEXT_WORD.match(line, following)
    return word is not None and any(word.group() in own.openers for own in readers(script_of(word.group()), code))


def _follows_ordinal(line: str, following: int, code: str) -> bool:
    """Tell whether the next word is a month, or another that an ordinal stands before."""
    word = _NEXT_WORD.match(line, following)
    return (
        word is not None
        and code not in PACKS
        and ((folded := fold(word.group())) in _AFTER_ORDINALS or folded in months(code))
    )


def _kept_whole(line: str) -> list[Span]:
    """Return the spans within which nothing may be cut, last first: short quotations and parentheses that close."""
    spans: list[Span] = []
    opened: dict[str, int] = {}
    for match in _MARKS.finditer(line):
        mark, at = match.group(), match.start()
        opener = next((key for key in opened if mark in _PAIRS[key]), None)
        if opener and not _only_opens(line, at, mark):
            spans.append(Span(opened.pop(opener) + 1, at))
        elif mark in _PAIRS and not _only_closes(line, at, mark):
            opened[mark] = at
    return sorted((span for span in spans if span.end - span.start <= _LONGEST_QUOTATION), key=_start, reverse=True)


def _start(span: Span) -> int:
    return span.start


def _only_opens(line: str, at: int, mark: str) -> bool:
    if mark not in '"“':
        return False
    before, after = line[at - 1 : at], line[at + 1 : at + 2]
    return (not before or before.isspace()) and bool(after) and not after.isspace() and after not in ".،,؛"


def _only_closes(line: str, at: int, mark: str) -> bool:
    if mark not in '"”':
        return False
    before, after = line[at - 1 : at], line[at + 1 : at + 2]
    return bool(before) and not before.isspace() and (not after or after.isspace() or after in ".،,؛")


@lru_cache(maxsize=256)
def sentence_spans(text: str, language: str | None = None) -> tuple[Span, ...]:
    """Return the sentences of an article that is looked at again and again, as `sentences` finds them."""
    return tuple(sentences(text, language=language))
