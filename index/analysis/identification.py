"""The language and the direction of a text, from its script wherever the script tells."""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable

from index.languages import PACKS, Language, language, languages
from index.text.scripts import ARABIC, HAN, KANA, LATIN, SCRIPTS, UNSPACED, Script

_BY_NAME = {script.name: script for script in SCRIPTS}
_RUN = re.compile("|".join(script.letters.pattern for script in SCRIPTS))
_RUNS = re.compile("|".join(f"(?P<{script.name}>{script.letters.pattern}+)" for script in SCRIPTS))
# Enough to tell a language by; what follows would only cost time.
_SAMPLE = 3000
# Of a text's words, one in so many at least is a small word of its language.
_HINTED = 5
# The identifier's confidence is tempered by length: half is rare for a wrong language. The language that most texts in
# a script are in gives way to another only where the identifier is surer.
_SURE, _SURER = 0.5, 0.6
_LETTERS_TO_GUESS_FROM = 20
# A line of fewer letters or words is not said to be in another language than its text; it is in the script that more
# than this share of its letters are of.
_LEAST_LETTERS, _LEAST_WORDS, _MOSTLY = 50, 7, 0.7
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")

_FOREIGN_ARABIC = re.compile("[پچژگکیھہەٹڈڑںےۓټډړږښڼېێۆڵڕۇۈۋ]")
_URDU = re.compile("[ٹڈڑںےۓ]")
_PASHTO = re.compile("[ټډړږښڼ]")
_KURDISH = re.compile("[ێۆڵڕ]")
_UYGHUR = re.compile("[ۇۈۋ]")
_LATIN_WORD = re.compile("[a-zß-öø-ɏḁ-ỿ]+")


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of a text's language, or "und" where it cannot be told.

    The script decides where it can, then the small words of the languages that have a pack, then an identifier.
    """
    return _language(text, 1)


@functools.lru_cache(maxsize=256)
def question_language(text: str) -> str:
    """Return the language a question is put in, as `detect_language` does but led by its own words.

    A foreign name can be most of a short question: Latin letters count only where nothing else is written or where
    small words stand among them. Of a very short question the identifier, which takes a moment to load, is not asked.
    """
    lower = text.lower()
    if any(_hints(lower, code, names=False) for code in _latin_packs()):
        return _language(text, _LETTERS_TO_GUESS_FROM)
    code = _language(_LATIN_WORD.sub(" ", lower), _LETTERS_TO_GUESS_FROM)
    return _language(text, _LETTERS_TO_GUESS_FROM) if code == "und" else code


@functools.lru_cache(maxsize=2048)
def language_of(text: str) -> Language:
    """Return the pack of a text's language, the neutral one where there is none."""
    return language(detect_language(text))


def language_within(text: str, home: Language) -> Language:
    """Return the pack of a stretch of a text whose language is known: another one only where the script is another."""
    letters = sum(map(str.isalpha, text))
    return home if 2 * len(home.script.letters.findall(text)) >= letters else language_of(text)


def language_blocks(text: str, home: str) -> tuple[tuple[int, str], ...]:
    """Return where, from 0 on, the lines of a text come to be in another language, and in which; () where none do.

    `home` is the language of the text. A line is told apart by its script, or by the small words of a language with a
    pack; one that is too short to tell goes with those around it.
    """
    # A long line is told by its beginning.
    ends = [(found.start(), min(found.end(), found.start() + _SAMPLE)) for found in _LINE.finditer(text)]
    lines = [(start, text[start:end]) for start, end in ends]
    pack = language(home)
    # What has no pack may be in any script: the one that most of it is in.
    script = pack.script if home in PACKS else _main_script(text[:_SAMPLE])
    scripts = [_main_script(line) for _, line in lines]
    told = [_line_language(line, own, home, script) for (_, line), own in zip(lines, scripts, strict=True)]
    if all(code in (None, home) for code in told):
        return ()
    known = [(code, own) for code, own in zip(told, scripts, strict=True) if code is not None]
    blocks: list[tuple[int, str]] = []
    done, before = 0, (home, script)
    for (start, _), code, own in zip(lines, told, scripts, strict=True):
        if code is not None:
            done, before = done + 1, (code, own)
        else:
            after = known[done] if done < len(known) else (home, script)
            code = _between(own, before, after, (home, script))
        if code != (blocks[-1][1] if blocks else home):
            blocks.append((start, code))
    return tuple(blocks) if blocks[0][0] == 0 else ((0, home), *blocks)


_Told = tuple[str, Script | None]


def _between(script: Script | None, before: _Told, after: _Told, home: _Told) -> str:
    """Return the language of a line that is too short to tell, between two that are not, in a text of `home`."""
    if script is None or before[0] == after[0]:
        return before[0]
    near = {code for code, own in (before, after) if own is script}
    return near.pop() if len(near) == 1 else home[0]


def _line_language(line: str, own: Script | None, home: str, script: Script | None) -> str | None:
    """Return the language of a line in its `own` script, in a text of another; None where it is too short to tell."""
    letters = sum(map(str.isalpha, line))
    is_short = len(line.split()) < _LEAST_WORDS and not _UNSPACED.search(line)
    if own is None or letters < _LEAST_LETTERS or is_short or own.share(line) < _MOSTLY:
        return None
    if own is not script:
        code = detect_language(line)
        return code if code != "und" else None
    if own is LATIN and home in PACKS:
        # The identifier, which takes longer, is asked where the small words are not those of the text.
        lower = line.lower()
        found = max(_hints(lower, code) for code in _latin_packs())
        code = detect_language(line) if found > 2 * _hints(lower, home) else home
        return code if code in PACKS else home
    # Persian and Urdu have letters that Arabic has not; not the other way round.
    return _arabic_script(line) if own is ARABIC and home == "ar" else home


def _main_script(text: str) -> Script | None:
    """Return the script that most of a text is in, weighed as languages are told by; None where it has no letters."""
    counts = _letters(text)
    return counts.most_common(1)[0][0] if counts else None


def _letters(text: str) -> Counter[Script]:
    """Count the letters of a text by their scripts, each as much as it says about the language."""
    counts: Counter[Script] = Counter()
    for run in _RUNS.finditer(text):
        script = _BY_NAME[run.lastgroup or ""]
        counts[script] += (run.end() - run.start()) * script.weight
    return counts


def direction(text: str) -> str:
    """Return "rtl" or "ltr" by the first character that has a direction; "ltr" where none has."""
    for character in text:
        strong = unicodedata.bidirectional(character)
        if strong == "L":
            return "ltr"
        if strong in ("R", "AL"):
            return "rtl"
    return "ltr"


def _language(text: str, least: int) -> str:
    """Tell a text's language; for fewer Latin letters than `least` the identifier is not asked."""
    first = _RUN.search(text)
    if first is None:
        return "und"
    # The marks before the first letter tell too: "¿".
    begin = max(0, first.start() - 4)
    return _language_of(text[begin : begin + _SAMPLE], least)


@functools.lru_cache(maxsize=512)
def _language_of(sample: str, least: int) -> str:
    counts = _letters(sample)
    script = counts.most_common(1)[0][0]
    if script in (HAN, KANA):
        # A Japanese news text is rarely under a third kana; a Chinese one quotes a little at most.
        return KANA.language if counts[KANA] * 10 >= counts[HAN] else HAN.language
    if script is ARABIC:
        return _arabic_script(sample)
    if script is LATIN:
        likeliest, surely = _by_small_words(sample)
        return likeliest if surely else _identify(sample, likeliest, least)
    return script.language or _identify(sample, script.likeliest, _LETTERS_TO_GUESS_FROM)


def _arabic_script(sample: str) -> str:
    foreign = len(_FOREIGN_ARABIC.findall(sample))
    words = sample.count(" ") + 1
    # Some Arabic is typed with Persian yeh and kaf, and some names keep their Persian letters.
    if foreign * 4 < words or _hints(sample, "ar") * 6 > words:
        return "ar"
    if _URDU.search(sample):
        return "ur"
    if _PASHTO.search(sample):
        return "ps"
    if _KURDISH.search(sample):
        return "ku"
    return "ug" if _UYGHUR.search(sample) else "fa"


def _by_small_words(sample: str) -> tuple[str, bool]:
    """Return the language with a pack that most small words of a Latin text are of, "und" without any, and how sure."""
    lower = sample.lower()
    found, code = max((_hints(lower, code), code) for code in _latin_packs())
    return (code, found * _HINTED >= len(_LATIN_WORD.findall(lower))) if found else ("und", False)


@functools.cache
def _latin_packs() -> tuple[str, ...]:
    return tuple(pack.code for pack in languages() if pack.script is LATIN)


def _hints(lower: str, code: str, *, names: bool = True) -> int:
    """Count the small words of a language in a text; without `names` those that names are made with are left out."""
    orthography = language(code).orthography
    words = orthography.hints.findall(lower)
    if names:
        return len(words)
    particles = {particle.lower() for particle in orthography.particles}
    return sum(word not in particles for word in words)


def _identify(sample: str, default: str, least: int) -> str:
    """Return the likeliest language where the identifier is sure of it, or where the language has a pack."""
    if sum(map(str.isalpha, sample)) < least:
        return default
    code, probability = _identifier()(" ".join(sample.split()))
    return code if code in PACKS or probability >= (_SURE if default == "und" else _SURER) else default


@functools.cache
def _identifier() -> Callable[[str], tuple[str, float]]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Languages of two-letter codes alone: what is near one of them, as a creole to English, counts for it.
    identifier.set_languages([code for code in identifier.nb_classes if len(code) == 2])

    def identify(text: str) -> tuple[str, float]:
        code, probability = identifier.classify(text)
        return str(code), float(probability)

    return identify
