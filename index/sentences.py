"""Where sentences end, in Arabic and English news first."""

import re

from index.folding import Span, word_set

# Longer quotations are read as text of their own, with sentences in them.
_LONGEST_QUOTATION = 300
_CLOSERS = "\"”“»’')\\]}›"
_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_SOLID = re.compile(r"\S")
_STOP = re.compile(
    rf"(?P<mark>[.!?؟。！？｡।॥۔…]+)(?P<closers>\s?[»”](?=\s|$)|[{_CLOSERS}]*)(?P<space>\s+|$)"
    r"|(?P<glued>(?<=[^\W\d_]{3})(?:[.؟!]|(?<=[^\x00-\x7f])\?)(?=[^\W\d_]{2})|[。！？｡।॥۔])"
)
_PAIRS = {"«": "»", "(": ")", "[": "]", "“": "”“", "”": "”“", "„": "”“", '"': '"'}
_MARKS = re.compile('[«»()\\[\\]“”„"]')
_WORD_BEFORE = re.compile(r"(?:[^\W_]|[.'’\u064b-\u0652])+$")
_ABBREVIATIONS = word_set(
    "mr mrs ms mx dr prof rev hon gen col lt sgt capt cmdr maj adm gov sen rep pres st sr jr messrs mme mlle vs etc "
    "inc ltd co corp bros dept univ no nos vol fig figs approx est al cf ca eg ie e.g i.e a.m p.m jan feb mar apr jun "
    "jul aug sep sept oct nov dec mt ft bzw usw z.b d.h nr bd str sig sra dña ud uds ee.uu tel "
    "أ.د د م ص ت ق هـ ج ط تح"
)
_LONGEST_ABBREVIATION = 20
_GERMAN_ORDINAL = re.compile(
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jahrhundert|Jh)"
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


def _in_line(line: str) -> list[Span]:
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
        if cut > until and _ends(line, stop, begin):
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
    if stop["closers"]:
        # Scripts without capitals do not show whether the sentence goes on; after «...؟» or "(...)" it mostly does.
        return after.isupper() or (mark == "." and not set(")]") & set(stop["closers"]))
    if mark != ".":
        return True
    word = _WORD_BEFORE.search(line, max(begin, stop.start() - _LONGEST_ABBREVIATION), stop.start())
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
        # Initials: "J. Smith", "د. أحمد", "U.S. troops"; but "the U.S. He ...", "Plan B. It ...".
        return not _OPENERS.match(line, following)
    if bare in _ABBREVIATIONS:
        return bare not in ("etc", "no", "al", "co") or not _OPENERS.match(line, following)
    # "1. First item", "am 3. Oktober"
    return bare.isdigit() and len(bare) <= 2 and (first or _GERMAN_ORDINAL.match(line, following) is not None)


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
