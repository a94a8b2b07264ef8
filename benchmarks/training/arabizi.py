"""Train what reads Arabic in Latin letters: `python -m benchmarks.training.arabizi [--write]`.

The channel is learned by expectation maximisation from `data/arabizi/words.tsv` and from `questions.jsonl`, where a
question has as many words in both writings. The lexicon are the words of Arabic articles and questions with their
counts. What tells Arabizi is learned from questions typed by hand, and from Arabic ones typed by the channel, against
questions in other languages. The exam and the stories K and U, which it is measured on, are not read. `--write` puts
the models where the product reads them.
"""

import argparse
import gzip
import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.harness import say
from benchmarks.training.examples import read_lines
from index.text.normalisation import fold
from index.text.scripts import ARABIC
from qa.rewriting.arabizi import reader, telling
from qa.rewriting.arabizi.channel import LONGEST, LetterChannel, gap, placed, plain
from qa.rewriting.arabizi.lexicon import Lexicon, Neighbours
from qa.rewriting.arabizi.reader import ArabiziModel
from qa.rewriting.arabizi.telling import BUCKETS, ArabiziTeller, runs_of

_ROOT = Path(__file__).resolve().parents[2]
_SHARED = _ROOT.parent / "shared"
_DATA = _ROOT / "benchmarks" / "data"
_READING = _DATA / "reading"
_HELD = ("stories-K", "stories-U")
_WORD = re.compile(f"(?:{ARABIC.letters.pattern})+")
# How often a letter is typed as so many characters, before anything is learned; how often a vowel is put in.
_LENGTHS = (0.08, 0.72, 0.17, 0.03)
_PUT_IN, _VOWELS = 0.35, "aeiou"
# What a letter is not typed as: a consonant and a vowel at once, of which the one is put in.
_DIGIT = re.compile("[0-9]")
_MIXED = re.compile("[aeiou][^aeiouyw]|[^aeiouyw][aeiou]")
_GAPS = ("vv", "vc", "v$", "cv", "cc", "c$")
_ROUNDS = 12
# A letter in its place is typed as anywhere, counted so many times, beside what was seen.
_ANYWHERE = 4.0
_RAREST = 1e-3
# A word of a question counts as so many of an article; one that was written for it as so many.
_ASKED, _OWN = 8, 12
_LEAST_COUNT = 4
_PREFIXES = ("ال", "و", "ب", "ل", "بال", "لل", "وال", "ف", "عال", "فال", "ه", "هال", "ش", "ع", "وب", "كال")
_PLURAL, _SPOKEN = re.compile("[يت].{2,}ون"), 3
# A word is at least that many times as frequent without what is written together with it.
_BARE = 1
_STRENGTH = 20.0
# So many Arabic questions are typed by the channel.
_TYPED = 3000
_FOLDS, _RUN = 4, 6

Pairs = Sequence[tuple[str, str]]


def word_pairs() -> list[tuple[str, str]]:
    """Return the words in both writings, folded and plain."""
    found = []
    for line in (_DATA / "arabizi" / "words.tsv").read_text(encoding="utf-8").splitlines():
        word, spellings = line.split("\t")
        found += [(fold(word), plain(spelling)) for spelling in spellings.split()]
    return found


def question_pairs(rows: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Return the words of questions that have as many in both writings."""
    found = []
    for row in rows:
        typed, words = row["typed"].replace("-", " ").split(), _WORD.findall(row["arabic"])
        if len(typed) == len(words):
            found += [(fold(word), plain(own)) for word, own in zip(words, typed, strict=True) if plain(own)]
    return found


def learned_questions() -> list[dict[str, str]]:
    """Return the questions in both writings that are learned from."""
    return [dict(row) for row in read_lines(_DATA / "arabizi" / "questions.jsonl")]


class _Counts:
    """Expected counts of one round, and the probabilities that they come to."""

    def __init__(self) -> None:
        self.spelt: dict[str, Counter[str]] = defaultdict(Counter)
        self.put_in: dict[str, Counter[str]] = defaultdict(Counter)
        self.stops: Counter[str] = Counter()

    def probabilities(self) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]], dict[str, float]]:
        anywhere: dict[str, Counter[str]] = defaultdict(Counter)
        for letter, own in self.spelt.items():
            anywhere[letter.strip("^$")].update(own)
        spelt = {}
        for letter, own in self.spelt.items():
            common, total = anywhere[letter.strip("^$")], sum(own.values())
            whole = sum(common.values())
            shares = {latin: (own[latin] + _ANYWHERE * common[latin] / whole) / (total + _ANYWHERE) for latin in common}
            spelt[letter] = {latin: share for latin, share in shares.items() if share > 1e-6}
        put = {kind: sum(own.values()) + self.stops[kind] for kind, own in self.put_in.items()}
        put_in = {kind: {c: n / put[kind] for c, n in own.items()} for kind, own in self.put_in.items()}
        return spelt, put_in, {kind: self.stops[kind] / put[kind] for kind in put}


class _Uniform(dict[str, float]):
    """What a letter is typed as before anything is known: by its length alone."""

    def __missing__(self, latin: str) -> float:
        return float(_LENGTHS[len(latin)] / 36 ** len(latin))


def channel_of(pairs: Pairs) -> LetterChannel:
    """Learn the channel from words in both writings."""
    characters = sorted({character for _, typed in pairs for character in typed})
    spelt: Mapping[str, Mapping[str, float]] = defaultdict(_Uniform)
    others = len(characters) - len(_VOWELS)
    put_in = {kind: {c: _PUT_IN * (0.19 if c in _VOWELS else 0.05 / others) for c in characters} for kind in _GAPS}
    stop = dict.fromkeys(_GAPS, 1 - _PUT_IN)
    for _ in range(_ROUNDS):
        counts = _Counts()
        for word, typed in pairs:
            _count(word, typed, spelt, put_in, stop, counts)
        spelt, put_in, stop = counts.probabilities()
    return LetterChannel(
        {a: {b: math.log(p) for b, p in own.items() if p >= _RAREST} for a, own in spelt.items()},
        {kind: {c: math.log(p) for c, p in own.items() if p >= _RAREST} for kind, own in put_in.items()},
        {kind: math.log(share) for kind, share in stop.items()},
    )


def _steps(word: str, typed: str, spelt: Any, put_in: Any, stop: Any) -> Iterator[tuple[int, int, int, int, float]]:
    """Yield each step: letters and characters done before it, and after it, and its probability."""
    for i in range(len(word) + 1):
        for j in range(len(typed) + 1):
            if i and j < len(typed):
                yield i, j, i, j + 1, put_in[gap(word[i - 1], word[i : i + 1])].get(typed[j], 0.0)
            if i < len(word):
                letter = placed(word, i)
                own = spelt.get(letter) if not isinstance(spelt, defaultdict) else spelt[letter]
                for length in range(min(LONGEST, len(typed) - j) + 1) if own is not None else ():
                    latin = typed[j : j + length]
                    if _MIXED.search(latin):
                        continue
                    share = own[latin] if isinstance(own, _Uniform) else own.get(latin, 0.0)
                    if share:
                        yield i, j, i + 1, j + length, share * (stop[gap(word[i - 1], word[i])] if i else 1.0)


def _count(word: str, typed: str, spelt: Any, put_in: Any, stop: Any, counts: _Counts) -> None:
    """Add the expected counts of one pair, by the forward and backward probabilities."""
    steps = list(_steps(word, typed, spelt, put_in, stop))
    forward, backward = np.zeros((len(word) + 1, len(typed) + 1)), np.zeros((len(word) + 1, len(typed) + 1))
    forward[0, 0] = backward[-1, -1] = 1.0
    for i, j, k, m, share in steps:
        forward[k, m] += forward[i, j] * share
    for i, j, k, m, share in reversed(steps):
        backward[i, j] += share * backward[k, m]
    whole = forward[-1, -1]
    if whole <= 0:
        return
    for i, j, k, m, share in steps:
        part = float(forward[i, j] * share * backward[k, m] / whole)
        if k == i:
            counts.put_in[gap(word[i - 1], word[i : i + 1])][typed[j]] += part
        else:
            counts.spelt[placed(word, i)][typed[j:m]] += part
            if i:
                counts.stops[gap(word[i - 1], word[i])] += part
    counts.stops[gap(word[-1], "")] += 1.0


def arabic_texts() -> Iterator[tuple[str, int]]:
    """Yield Arabic texts, each with how much a word of it counts; the stories that are measured on are left out."""
    with gzip.open(_SHARED / "corpus" / "ant.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            yield f"{row.get('title') or ''} {row.get('text') or ''}", 1
    for path in sorted(_READING.glob("*.jsonl")):
        if not path.name.startswith(_HELD):
            for row in read_lines(path):
                yield from ((row[key], _ASKED) for key in ("question_ar",) if row.get(key))
                if row.get("language") == "ar":
                    yield row["text"], 1
    for row in read_lines(_DATA / "kinds.jsonl"):
        yield row["text"], _ASKED
    for question in learned_questions():
        yield question["arabic"], _OWN


def lexicon_of(
    texts: Iterable[tuple[str, int]], own: Iterable[str]
) -> tuple[Lexicon, Neighbours, list[tuple[str, float]]]:
    """Count words, what follows them, and what is written together with them."""
    counts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    pairs: Counter[tuple[str, str]] = Counter()
    firsts: Counter[str] = Counter()
    for text, weight in texts:
        words = _WORD.findall(text)
        folded = [fold(word) for word in words]
        for word, shape in zip(words, folded, strict=True):
            counts[shape] += weight
            forms[shape][word] += weight
        if weight > 1:
            asked = ["", *folded]
            for before, after in pairwise(asked):
                pairs[before, after] += weight
                firsts[before] += weight
    for word in own:
        counts[fold(word)] += _OWN
        forms[fold(word)][word] += _LEAST_COUNT
    for word in [word for word in counts if _PLURAL.fullmatch(word)]:
        # "يعرضون" is "يعرضوا" wherever people do not write as newspapers do.
        spoken = f"{word[:-1]}ا"
        counts[spoken] += counts[word] // _SPOKEN
        forms[spoken][forms[word].most_common(1)[0][0][:-1] + "ا"] += 1
    kept = {word: often for word, often in counts.items() if often >= _LEAST_COUNT and 0 < len(word) <= 16}
    total = sum(kept.values())
    lexicon = Lexicon.of(
        {word: (math.log(often / total), forms[word].most_common(1)[0][0]) for word, often in kept.items()}
    )
    neighbours = Neighbours(
        {
            (before, after): math.log(often / firsts[before])
            for (before, after), often in pairs.items()
            if often >= _ASKED and after in kept and (before in kept or not before)
        }
    )
    return lexicon, neighbours, prefixes_of(kept)


def prefixes_of(kept: Mapping[str, int]) -> list[tuple[str, float]]:
    """Return how likely a word begins with what is written together with it.

    Counted are words that are known without it too, and far more often: "بالميناء" is of "ميناء", "بعد" of nothing.
    """
    total, shares = sum(kept.values()), []
    for prefix in map(fold, _PREFIXES):
        often = sum(
            n for word, n in kept.items() if word.startswith(prefix) and kept.get(word[len(prefix) :], 0) > _BARE * n
        )
        shares.append((prefix, math.log(max(often, 1) / total)))
    return shares


def typed_by(channel: LetterChannel, question: str, draw: random.Random, *, digits: bool) -> str:
    """Type an Arabic question as the channel might, with digits for letters or without."""
    words = []
    for word in _WORD.findall(question):
        shape, typed = fold(word), ""
        for at in range(len(shape)):
            own = channel.spelt.get(placed(shape, at))
            own = {latin: share for latin, share in (own or {}).items() if digits or not _DIGIT.search(latin)}
            if own:
                typed += draw.choices(list(own), [math.exp(share) for share in own.values()])[0]
            kind = gap(shape[at], shape[at + 1 : at + 2])
            put_in = channel.put_in[kind]
            while put_in and draw.random() > math.exp(channel.stop[kind]):
                typed += draw.choices(list(put_in), [math.exp(share) for share in put_in.values()])[0]
        words.append(typed)
    return " ".join(words) + draw.choice(("?", "", ""))


def told_apart(channel: LetterChannel, seed: int = 4) -> list[tuple[str, bool]]:
    """Return questions with whether they are Arabizi."""
    draw = random.Random(seed)
    rows: list[tuple[str, bool]] = []
    for row in learned_questions():
        rows += [(row["typed"], True), (row["typed"].rstrip("?").capitalize() + "?", True)]
    kinds = [row for row in read_lines(_DATA / "kinds.jsonl")]
    rows += [(row["text"], True) for row in kinds if row["language"] == "ar" and not _WORD.search(row["text"])]
    rows += [(row["text"], False) for row in kinds if row["language"] != "ar"]
    arabic = []
    for path in sorted(_READING.glob("*.jsonl")):
        if path.name.startswith(_HELD) or "articles" in path.name:
            continue
        for row in read_lines(path):
            arabic.append(row["question_ar"])
            rows += [(row[f"question_{code}"], False) for code in ("en", "fr") if row.get(f"question_{code}")]
    asked = draw.sample(arabic, _TYPED)
    rows += [(typed_by(channel, text, draw, digits=at % 3 == 0), True) for at, text in enumerate(asked)]
    for row in read_lines(_DATA / "arabizi" / "others.jsonl"):
        rows += [(row["text"], False), (row["text"].lower(), False), (row["text"].capitalize(), False)]
    return rows


def teller_of(rows: Sequence[tuple[str, bool]]) -> ArabiziTeller:
    """Fit what tells Arabizi."""
    from sklearn.linear_model import LogisticRegression

    runs = [runs_of(text) for text, _ in rows]
    values = np.concatenate([np.full(len(own), 1 / math.sqrt(max(len(own), 1))) for own in runs])
    ends = np.cumsum([0, *(len(own) for own in runs)])
    matrix = csr_matrix((values, np.concatenate(runs), ends), (len(runs), BUCKETS))
    model = LogisticRegression(C=_STRENGTH, solver="liblinear").fit(matrix, [own for _, own in rows])
    return ArabiziTeller(model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def report(rows: Sequence[tuple[str, bool]]) -> None:
    """Say for several thresholds what is told of questions that were typed by hand, in folds by their place."""
    typed = {row["typed"] for row in learned_questions()}
    shares: list[tuple[float, bool, bool]] = []
    # Wordings of one question stand beside each other: they are left out together.
    runs = [rows[at : at + _RUN] for at in range(0, len(rows), _RUN)]
    random.Random(1).shuffle(runs)
    for fold_ in range(_FOLDS):
        unseen = [row for run in runs[fold_::_FOLDS] for row in run]
        seen = [row for other in range(_FOLDS) if other != fold_ for run in runs[other::_FOLDS] for row in run]
        model = teller_of(seen)
        shares += [(model.probability(text), own, text in typed) for text, own in unseen]
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        told = [share >= threshold for share, own, by_hand in shares if own and by_hand]
        wrong = [share >= threshold for share, own, _ in shares if not own]
        say(f"{threshold}: {np.mean(told):.3f} of {len(told)} by hand, {np.mean(wrong):.5f} of {len(wrong)} others")


def main() -> None:
    """Learn, and write."""
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("--write", action="store_true")
    options = flags.parse_args()
    pairs = word_pairs() + question_pairs(learned_questions())
    channel = channel_of(pairs)
    for letter in "خحعقجشه":
        own = sorted(channel.spelt[letter].items(), key=lambda item: -item[1])[:6]
        say(f"{letter}: " + " ".join(f"{latin or '-'} {math.exp(share):.2f}" for latin, share in own))
    lexicon, neighbours, prefixes = lexicon_of(
        arabic_texts(),
        {line.split("\t")[0] for line in (_DATA / "arabizi" / "words.tsv").read_text(encoding="utf-8").splitlines()},
    )
    say(f"{len(pairs)} pairs, {len(lexicon.words)} words, {len(neighbours.pairs)} neighbours")
    model = ArabiziModel(channel, lexicon, prefixes, neighbours)
    rows = told_apart(channel)
    teller = teller_of(rows)
    say(f"told apart: {sum(own for _, own in rows)} of {len(rows)} questions are Arabizi")
    if options.write:
        model.save(reader._FILE)
        teller.save(telling._FILE)
    report(rows)


if __name__ == "__main__":
    main()
