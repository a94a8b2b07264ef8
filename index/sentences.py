"""Where sentences end, in Arabic and English news first."""

import re
from collections.abc import Iterator

from index.folding import Span, word_set

# Longer quotations are read as text of their own, with sentences in them.
_LONGEST_QUOTATION = 300
_CLOSERS = "\"”“»’')\\]}›"
_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_STOP = re.compile(
    rf"(?P<mark>[.!?؟。！？｡।॥۔…]+)(?P<closers>\s?[»”](?=\s|$)|[{_CLOSERS}]*)(?P<space>\s+|$)"
    r"|(?P<glued>(?<=[^\W\d_]{3})(?:[.؟!]|(?<=[^\x00-\x7f])\?)(?=[^\W\d_]{2})|[。！？｡।॥۔])"
)
_PAIRS = {"«": "»", "(": ")", "[": "]", "“": "”“", "”": "”“", "„": "”“", '"': '"'}
_MARKS = re.compile('[«»()\\[\\]“”„"]')
_WORD_BEFORE = re.compile(r"(?:[^\W_]|[.'’\u064b-\u0652])+$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_ABBREVIATIONS = word_set(
    "mr mrs ms mx dr prof rev hon gen col lt sgt capt cmdr maj adm gov sen rep pres st sr jr messrs mme mlle vs etc "
    "inc ltd co corp bros dept univ no nos vol fig figs approx est al cf ca eg ie e.g i.e a.m p.m jan feb mar apr jun "
    "jul aug sep sept oct nov dec mt ft bzw usw z.b d.h nr bd str sig sra dña ud uds ee.uu tel "
    "أ.د د م ص ت ق هـ ج ط تح"
)
# Words that open a sentence so often that they end one after "U.S." or "etc.".
_OPENERS = re.compile(
    r"(?:The|A|An|He|She|It|They|We|I|You|In|On|At|But|And|However|This|That|These|Those|There|Its|His|Her|Their|As"
    r"|After|Before|When|While|Although|For|From|By|Some|Many|Most|Other|One|If|Since|During|With)\b"
)


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the sentences of `text[start:end]` in offsets of `text`, without the white space around them.

    A line break always ends a sentence. A short quotation or parenthesis that closes in its paragraph stays
    whole; abbreviations, initials, decimals and the Arabic ".." (a pause) do not end one.
    """
    body = text[start:end]
    found: list[Span] = []
    for line in _LINE.finditer(body):
        for span in _in_line(line.group()):
            found.append(Span(start + line.start() + span.start, start + line.start() + span.end))
    return found


def _in_line(line: str) -> Iterator[Span]:
    begin = 0
    whole = _kept_whole(line)
    for stop in _STOP.finditer(line):
        cut = stop.end("glued") if stop["glued"] else stop.end("closers")
        if stop.end() == len(line):
            break
        if any(first < cut <= last for first, last in whole) or not _ends(line, stop, begin):
            continue
        yield from _trimmed(line, begin, cut)
        begin = cut
    yield from _trimmed(line, begin, len(line))


def _trimmed(line: str, start: int, end: int) -> Iterator[Span]:
    while start < end and line[start].isspace():
        start += 1
    while start < end and line[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)


def _ends(line: str, stop: re.Match[str], begin: int) -> bool:
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
    if mark != "." or stop["closers"]:
        return not (stop["closers"] and mark != "." and not after.isupper())
    word = _WORD_BEFORE.search(line, begin, stop.start())
    return word is None or not _abbreviates(word.group(), line, word.start() == begin, stop.end())


def _glued_ends(line: str, stop: re.Match[str]) -> bool:
    """Tell whether a stop with no space after it ends a sentence: "قال.وأضاف" does, "www.site.com" does not."""
    before, after = line[stop.start() - 1], line[stop.end()]
    if before.isascii() or after.isascii():
        return before.islower() and after.isupper() and line[stop.end() + 1].islower()
    return True


def _abbreviates(word: str, line: str, first: bool, following: int) -> bool:
    bare = word.strip(".'’").casefold()
    if "." in bare or (len(bare) == 1 and bare.isalpha()):
        # Initials: "J. Smith", "د. أحمد", "U.S. troops"; but "the U.S. He ...".
        return not ("." in bare and _OPENERS.match(line, following))
    if bare in _ABBREVIATIONS:
        return bare not in ("etc", "no", "al", "co") or not _OPENERS.match(line, following)
    return first and bare.isdigit() and len(bare) <= 2  # "1. First item"


def _kept_whole(line: str) -> list[tuple[int, int]]:
    """Return the ranges within which nothing may be cut: short quotations and parentheses that close."""
    ranges: list[tuple[int, int]] = []
    opened: dict[str, int] = {}
    for match in _MARKS.finditer(line):
        mark, at = match.group(), match.start()
        opener = next((key for key in opened if mark in _PAIRS[key]), None)
        if opener and not _only_opens(line, at, mark):
            ranges.append((opened.pop(opener) + 1, at))
        elif mark in _PAIRS and not _only_closes(line, at, mark):
            if opener:
                del opened[opener]
            opened[mark] = at
    return [(first, last) for first, last in ranges if last - first <= _LONGEST_QUOTATION]


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
