"""Train what tells two questions in one message: `python -m benchmarks.training.double [--write]`.

Doubles are composed: two questions of one article, or one and a short second half (`data/doubles.json`), put together
with a joint or as two sentences. Singles are the same questions alone, and written ones with "and" in them. Thresholds
are looked at on other articles and stories; `python -m benchmarks.doubles` measures on the exams. `--write` puts the
model where the product reads it.
"""

import argparse
import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from benchmarks.harness import say
from benchmarks.training.examples import LANGUAGES, read_lines
from qa.understanding.double import _FILE, BUCKETS, DoubleQuestions, gap_features, runs_of, word_places

_ROOT = Path(__file__).resolve().parents[2]
_DATA = _ROOT / "benchmarks" / "data"
_STORIES = (*"GHIJKLMNOPQRSTUVWXYZ", "AA", "AB", "AC", "AD")
_STRENGTH = 0.3
# Articles and stories whose questions are learnt; more of them change nothing that is measured.
_GROUPS = 350
# Messages that are looked through for gaps that are taken for others.
_MINED = 2500
# How often each single that was written for it counts.
_WRITTEN = 4
# How often each joint is drawn.
_JOINTS = (6, 3, 1, 0.4, 0.8)
_MARKS = "?؟!. \u00a0"


@dataclass(frozen=True)
class Message:
    """A message in one language; `second` is where its second question begins, None where it asks but one."""

    text: str
    language: str
    second: int | None = None


def questions(shared: Path) -> list[list[dict[str, Any]]]:
    """Return the questions of training that stand alone, by article or story."""
    groups: dict[str, list[dict[str, Any]]] = {}
    with gzip.open(shared / "train" / "news.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in map(json.loads, file):
            groups.setdefault(str(line["article"] or line.get("near") or line["id"]), []).append(line)
    prefixes = [shared / "train" / f"stories-{name}" for name in "DEF"]
    for prefix in (*prefixes, *(_DATA / "reading" / f"stories-{name}" for name in _STORIES)):
        for line in read_lines(prefix.with_name(f"{prefix.name}.exam.jsonl")):
            if line["expect"] in {"answer", "newest", "abstain"} and not line.get("history"):
                groups.setdefault(f"{prefix.name} {line['cluster']}", []).append(dict(line))
    return sorted(groups.values(), key=str)


def messages(groups: Sequence[Sequence[dict[str, Any]]], seed: int = 5) -> Iterator[Message]:
    """Compose what is learnt from, of the questions of each article or story."""
    draw = random.Random(seed)
    parts = json.loads((_DATA / "doubles.json").read_text(encoding="utf-8"))
    for own in groups:
        for language in LANGUAGES:
            texts = [str(line[f"question_{language}"]) for line in own if line.get(f"question_{language}")]
            yield from (Message(text, language) for text in texts)
            pairs = list(combinations(texts, 2))
            for one, other in draw.sample(pairs, min(2, len(pairs))):
                yield _joined(one, other, language, parts[language], draw)
            for text in texts[:1]:
                yield _joined(text, draw.choice(parts[language]["seconds"]), language, parts[language], draw)
                yield _listed(draw.choice(texts), draw.choice(texts), language, parts[language], draw)


def written() -> Iterator[Message]:
    """Yield the singles that were written for it, as they are and in small letters."""
    for language, parts in json.loads((_DATA / "doubles.json").read_text(encoding="utf-8")).items():
        for text in parts["singles"]:
            yield Message(text, language)
            yield Message(text[:1].lower() + text[1:].rstrip(_MARKS), language)


def _joined(first: str, second: str, language: str, parts: dict[str, list[str]], draw: random.Random) -> Message:
    """Put two questions into one message: as two sentences, or with a joint; some without any marks."""
    mark = {"en": "?", "ar": "؟", "fr": " ?"}[language]
    bare, tail = first.rstrip(_MARKS), second.rstrip(_MARKS)
    if draw.random() < 0.12 and len(bare.split()) > 5:
        # What both are about stands in the second alone.
        bare = " ".join(bare.split()[: draw.randint(2, 4)])
    ends = mark if draw.random() < 0.6 else ""
    lowered = tail[:1].lower() + tail[1:] if language != "ar" else tail
    kind = draw.random()
    if kind < 0.25:
        begin, rest = f"{bare}{mark} ", tail[:1].upper() + tail[1:] if draw.random() < 0.7 else lowered
    elif kind < 0.35:
        joint = parts["joints"][0]
        begin, rest = f"{bare}{mark} ", (joint.capitalize() if draw.random() < 0.6 else joint) + lowered
    else:
        joint = draw.choices(parts["joints"], _JOINTS)[0]
        marks = joint[: len(joint) - len(joint.lstrip(",;؛، "))].strip()
        begin, rest = f"{bare}{marks} ", joint.lstrip(",;؛، ") + lowered
    return Message(begin + rest + ends, language, len(begin))


def _listed(one: str, other: str, language: str, parts: dict[str, list[str]], draw: random.Random) -> Message:
    """Make a single with "and" in it: some words of another question stand beside the last ones of this."""
    words = [word for word in other.rstrip(_MARKS).split() if len(word) > 3][-draw.randint(1, 3) :]
    return Message(f"{one.rstrip(_MARKS)} {parts['joints'][0]}{' '.join(words)}", language)


def _gaps(message: Message, draw: random.Random, most: int) -> Iterator[tuple[NDArray[np.uint64], bool]]:
    places = word_places(message.text)
    runs = [runs_of(message.text[start:end]) for start, end in places]
    gaps = list(range(1, len(places)))
    right = [gap for gap in gaps if message.second == places[gap][0]]
    others = [gap for gap in gaps if gap not in right]
    for gap in (*right, *draw.sample(others, min(most, len(others)))):
        yield gap_features(runs, gap), gap in right


def fit(learnt: Sequence[Message], seed: int = 3) -> DoubleQuestions:
    """Fit the model to gaps, then once more with the gap of each message that it was wrongly surest of."""
    draw = random.Random(seed)
    rows = [gap for message in learnt for gap in _gaps(message, draw, 2)]
    model = _fitted(rows)
    for message in draw.sample(list(learnt), min(_MINED, len(learnt))):
        places = word_places(message.text)
        if len(places) < 3:
            continue
        words = [message.text[start:end] for start, end in places]
        runs = [runs_of(word) for word in words]
        shares = model.probabilities(words)
        for gap in np.argsort(-shares)[:2]:
            if shares[gap] > 0.05 and places[gap + 1][0] != message.second:
                rows.append((gap_features(runs, int(gap) + 1), False))
    return _fitted(rows)


def _fitted(rows: Sequence[tuple[NDArray[np.uint64], bool]]) -> DoubleQuestions:
    from sklearn.linear_model import LogisticRegression

    indices = np.concatenate([own for own, _ in rows]).astype(np.int64)
    ends = np.cumsum([0, *(len(own) for own, _ in rows)])
    matrix = csr_matrix((np.ones(len(indices)), indices, ends), (len(rows), BUCKETS))
    model = LogisticRegression(C=_STRENGTH, solver="liblinear").fit(matrix, [right for _, right in rows])
    return DoubleQuestions(model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def main() -> None:
    """Fit, measure and write."""
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("--write", action="store_true")
    flags.add_argument("--data", type=Path, default=_ROOT.parent / "shared")
    options = flags.parse_args()
    groups = questions(options.data)
    random.Random(2).shuffle(groups)
    learnt = [*messages(groups[:_GROUPS]), *(list(written()) * _WRITTEN)]
    say(f"{len(learnt)} messages, {sum(m.second is not None for m in learnt)} doubles")
    model = fit(learnt)
    report(model, list(messages(groups[_GROUPS : _GROUPS + 40])))
    if options.write:
        model.save(_FILE)


def report(model: DoubleQuestions, unseen: Sequence[Message]) -> None:
    """Say for several thresholds what is cut of messages that were not learnt."""
    found = [(message, *model.likeliest(message.text)) for message in unseen]
    for threshold in (0.5, 0.6, 0.7, 0.8, 0.9):
        right = [share >= threshold and place == m.second for m, place, share in found if m.second is not None]
        wrong = [share >= threshold for m, _, share in found if m.second is None]
        say(f"{threshold}: {np.mean(right):.3f} of {len(right)} doubles, {np.mean(wrong):.4f} of {len(wrong)} singles")


if __name__ == "__main__":
    main()
