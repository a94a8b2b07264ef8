"""The language and the direction of a text, from its script wherever the script tells."""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable

from index.folding import word_set

# What a script says when it is written by one language alone, or by one far more than by others.
_SCRIPTS = {
    "latin": "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08b4\ufb50-\ufdff\ufe70-\ufefc",
    "cyrillic": "\u0400-\u052f",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "he": "\u05d0-\u05f2",
    "hy": "\u0531-\u0587",
    "devanagari": "\u0900-\u0963",
    "bn": "\u0980-\u09e3",
    "pa": "\u0a00-\u0a65",
    "gu": "\u0a80-\u0ae5",
    "or": "\u0b00-\u0b63",
    "ta": "\u0b80-\u0be5",
    "te": "\u0c00-\u0c63",
    "kn": "\u0c80-\u0ce3",
    "ml": "\u0d00-\u0d63",
    "si": "\u0d80-\u0de5",
    "th": "\u0e01-\u0e4e",
    "lo": "\u0e81-\u0ecd",
    "bo": "\u0f40-\u0fbc",
    "my": "\u1000-\u103f",
    "ka": "\u10a0-\u10ff",
    "am": "\u1200-\u135a",
    "km": "\u1780-\u17d3",
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3",
    "ja": "\u3041-\u30ff",
    "han": "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f",
}
_RUN = re.compile(f"[{''.join(_SCRIPTS.values())}]")
_RUNS = re.compile("|".join(f"(?P<{name}>[{letters}]+)" for name, letters in _SCRIPTS.items()))
# Texts in other scripts quote Latin names far more than the other way round, and a Han character is
# about a word.
_WEIGHTS = {"latin": 1, "han": 4, "ja": 4}
# Enough to tell a language by; what follows would only cost time.
_SAMPLE = 3000
# The identifier's confidence is tempered by length: half is rare for a wrong language.
_SURE = 0.5
_LETTERS_TO_GUESS_FROM = 20

_FOREIGN_ARABIC = re.compile("[پچژگکیھہەٹڈڑںےۓټډړږښڼېێۆڵڕۇۈۋ]")
_URDU = re.compile("[ٹڈڑںےۓ]")
_PASHTO = re.compile("[ټډړږښڼ]")
_KURDISH = re.compile("[ێۆڵڕ]")
_UYGHUR = re.compile("[ۇۈۋ]")
# What Arabic alone writes: teh marbuta, the article, and its commonest small words.
_ARABIC = re.compile(
    r"ة|\b[وفب]?ال\w\w|\b(?:في|إلى|الى|على|عن|من هو|من هي|ماذا|هل|هذا|هذه|أن|قال|قالت|متى|أين|اين|لماذا|كيف)\b"
)

# Words of English that German, Dutch, French or Spanish do not write, so that an English question never waits
# for the language identifier.
_ENGLISH = word_set(
    "the of and is were are what who whom whose which when where why how did does do have had been for with from that "
    "this these those at about after before into their her its they it"
)
_LATIN_WORD = re.compile("[a-zß-öø-ɏḁ-ỿ]+")


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of a text's language, or "und" where it has no letters.

    The script decides where it can. A Latin text is English unless another language is sure.
    """
    first = _RUN.search(text)
    if first is None:
        return "und"
    # The marks before the first letter tell too: "¿".
    begin = max(0, first.start() - 4)
    sample = text[begin : begin + _SAMPLE]
    counts: Counter[str] = Counter()
    for run in _RUNS.finditer(sample):
        script = run.lastgroup or ""
        counts[script] += (run.end() - run.start()) * _WEIGHTS.get(script, 2)
    script = counts.most_common(1)[0][0]
    if script in ("han", "ja"):
        # A Japanese news text is rarely under a third kana; a Chinese one quotes a little at most.
        return "ja" if counts["ja"] * 10 >= counts["han"] else "zh"
    by_letters = _BY_LETTERS.get(script)
    return by_letters(sample) if by_letters else script


def question_language(text: str) -> str:
    """Return the language a question is put in, as `detect_language` does but led by its own words.

    A foreign name can be most of a short question: Latin letters count only where nothing else is
    written or where English words stand among them.
    """
    if any(word in _ENGLISH for word in _LATIN_WORD.findall(text.lower())):
        return detect_language(text)
    others = _LATIN_WORD.sub(" ", text.lower())
    language = detect_language(others)
    return detect_language(text) if language == "und" else language


def direction(text: str) -> str:
    """Return "rtl" or "ltr" by the first character that has a direction; "ltr" where none has."""
    for character in text:
        strong = unicodedata.bidirectional(character)
        if strong == "L":
            return "ltr"
        if strong in ("R", "AL"):
            return "rtl"
    return "ltr"


def _arabic_script(sample: str) -> str:
    foreign = len(_FOREIGN_ARABIC.findall(sample))
    words = sample.count(" ") + 1
    # Some Arabic is typed with Persian yeh and kaf, and some names keep their Persian letters.
    if foreign * 4 < words or len(_ARABIC.findall(sample)) * 6 > words:
        return "ar"
    if _URDU.search(sample):
        return "ur"
    if _PASHTO.search(sample):
        return "ps"
    if _KURDISH.search(sample):
        return "ku"
    return "ug" if _UYGHUR.search(sample) else "fa"


def _latin_script(sample: str) -> str:
    words = _LATIN_WORD.findall(sample.lower())
    english = sum(word in _ENGLISH for word in words)
    if english * 5 >= len(words):
        return "en"
    return _identify(sample, "en")


def _cyrillic_script(sample: str) -> str:
    return _identify(sample, "ru")


def _devanagari_script(sample: str) -> str:
    return _identify(sample, "hi")


_BY_LETTERS: dict[str, Callable[[str], str]] = {
    "arabic": _arabic_script,
    "latin": _latin_script,
    "cyrillic": _cyrillic_script,
    "devanagari": _devanagari_script,
}


def _identify(sample: str, default: str) -> str:
    if sum(map(str.isalpha, sample)) < _LETTERS_TO_GUESS_FROM:
        return default
    code, probability = _identifier()(sample)
    return code if probability >= _SURE and len(code) == 2 else default


@functools.cache
def _identifier() -> Callable[[str], tuple[str, float]]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def identify(text: str) -> tuple[str, float]:
        code, probability = identifier.classify(text)
        return str(code), float(probability)

    return identify
