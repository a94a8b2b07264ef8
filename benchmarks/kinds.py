"""Trains what tells the kinds of questions, and measures it.

    python -m benchmarks.kinds

A multinomial logistic model (scikit-learn) over the bundled encoder's vectors of questions. It learns from
`data/kinds.jsonl` (written by hand, each also with a capital and a question mark), `data/kind_frames.json` (frames of
questions filled with topics) and, as facts, a sample of `../shared/train/news.jsonl.gz` and the questions of
`../shared/train/stories-*`. Cross-validation leaves out whole utterances, topics and stories. The exams in
`../shared/eval`, where facts must stay facts, and `data/kinds.exam.jsonl` (what happened, asked in dialect; requests to
count, list and translate) are not learned from. Writes `qa/understanding/kinds.npz` and the results.
"""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import Table, parser, work_offline, write
from index import open_encoder
from index.analysis import terms
from index.encoding.precision.processor import has_vnni
from qa.understanding.kinds import LANGUAGES, Classifier, Kind

_DATA = Path(__file__).parent / "data"
_ROOT = Path(__file__).resolve().parents[1]
_SHARED = _ROOT.parent / "shared"
_WEIGHTS = _ROOT / "qa" / "understanding" / "kinds.npz"
_MARKS = {"en": "?", "ar": "؟", "fr": "\u00a0?"}
_FOLDS = 5
_STRENGTH = 10.0
# From these probabilities on: chosen by cross-validation, so that of a thousand other questions fewer than three are
# taken for small talk.
_CHAT, _OTHER = 0.6, 0.5
_NOTE = (
    "Cross-validation is over utterances, topics and stories that were left out; the exams were not learned from. "
    "Of the stories, `overview` counts any kind that several articles answer, and `latest` questions often ask for "
    "what holds last without a word that says so: those stay facts, which loses nothing but the order of days."
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One question with its kind; `group` is what is left out together with it."""

    text: str
    kind: Kind
    group: str
    language: str
    written: bool = False


@dataclass(frozen=True, slots=True)
class Exam:
    """One question of an exam: `expected` is chat, overview, latest or fact."""

    text: str
    exam: str
    expected: str


def main() -> None:
    """Train, measure, and write the weights and the results."""
    parser(__doc__).parse_args()
    work_offline()
    encoder = open_encoder(precision="float32")
    learned, exams = list(training()), list(examined())
    texts = list(dict.fromkeys([*(item.text for item in learned), *(exam.text for exam in exams)]))
    vectors = dict(zip(texts, (encoder.encode_query(text).vector for text in texts), strict=True))
    held_out = cross_validated(learned, vectors)
    model = replace(fitted(learned, vectors, encoder.name), **spoken_in_all_precisions(learned, vectors))
    model.save(_WEIGHTS)
    report(learned, held_out, exams, [model.probabilities(vectors[item.text]) for item in exams], model)


def spoken_in_all_precisions(
    learned: Sequence[Labelled], vectors: dict[str, NDArray[np.float32]]
) -> dict[str, NDArray[np.float32]]:
    """Fit the language of small talk to its vectors in float32 and, where the CPU has VNNI, in int8 as well.

    A greeting of one word lies near the border of two languages, on either side of it in one precision or the other.
    """
    chat = [item for item in learned if item.kind.is_chat]
    both = [vectors]
    if has_vnni():
        encoder = open_encoder(precision="int8")
        both.append({item.text: encoder.encode_query(item.text).vector for item in chat})
    rows = np.concatenate([[own[item.text] for item in chat] for own in both])
    targets = [LANGUAGES.index(item.language) for item in chat] * len(both)
    spoken, bias = _model(rows, targets, _STRENGTH / len(both))
    return {"spoken": spoken, "spoken_bias": bias}


def training() -> Iterator[Labelled]:
    """Yield what is learned from."""
    for line in (_DATA / "kinds.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text, kind = row["text"], Kind(row["kind"])
        marked = text[0].upper() + text[1:].rstrip("?؟! \u00a0") + _MARKS[row["language"]]
        yield Labelled(text, kind, text, row["language"], written=True)
        yield Labelled(marked, kind, text, row["language"], written=True)
    yield from framed()
    yield from facts()


def framed(each: int = 4, seed: int = 11) -> Iterator[Labelled]:
    """Yield every frame with a few topics, as they are written and in lower case."""
    draw = random.Random(seed)
    for language, parts in json.loads((_DATA / "kind_frames.json").read_text(encoding="utf-8")).items():
        for kind, frames in parts["frames"].items():
            for frame in frames:
                for topic in draw.sample(parts["topics"], each):
                    for form in dict.fromkeys((topic, topic.lower())):
                        yield Labelled(frame.format(form), Kind(kind), language + topic, language)


def facts(sample: int = 500, seed: int = 7) -> Iterator[Labelled]:
    """Yield questions for facts, in three languages each, and the stories' questions for overviews."""
    with gzip.open(_SHARED / "train" / "news.jsonl.gz", "rt", encoding="utf-8") as file:
        news = [json.loads(line) for line in file]
    random.Random(seed).shuffle(news)
    for row in news[:sample]:
        for language, text in _wordings(row):
            yield Labelled(text, Kind.FACT, row["article"] or row.get("near") or row["id"], language)
    for row in _rows("train", "stories-D.exam", "stories-E.exam", "stories-F.exam"):
        if row["expect"] == "overview":
            kind = Kind.TIMELINE
        elif row["expect"] in ("chat", "newest") or row["type"] in ("latest", "disagreement"):
            # What small talk and "latest" are is in the words that were written for them.
            continue
        else:
            kind = Kind.FACT
        for language, text in _wordings(row):
            yield Labelled(text, kind, row["cluster"], language)


def examined() -> Iterator[Exam]:
    """Yield the questions of the exams; follow-ups are rewritten before they are understood, and left out."""
    for name in ("stories-A", "stories-B"):
        for row in _rows("eval", f"{name}.exam"):
            if row["history"]:
                continue
            expected = row["expect"] if row["expect"] in ("chat", "overview") else "fact"
            for _, text in _wordings(row):
                yield Exam(text, "stories", "latest" if row["type"] == "latest" else expected)
    for line in (_DATA / "kinds.exam.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Exam(row["text"], f"typed, {row['language']}", row["kind"])
    for name in ("news2.dev", "world.dev"):
        for row in _rows("eval", name):
            for _, text in _wordings(row):
                yield Exam(text, name.removesuffix(".dev"), "fact")


def fitted(learned: Sequence[Labelled], vectors: dict[str, NDArray[np.float32]], encoder: str) -> Classifier:
    """Fit the model to questions, and the language of small talk to its own."""
    kinds, bias = _fitted(learned, vectors, [list(Kind).index(item.kind) for item in learned])
    chat = [item for item in learned if item.kind.is_chat]
    spoken, spoken_bias = _fitted(chat, vectors, [LANGUAGES.index(item.language) for item in chat])
    return Classifier(kinds, bias, spoken, spoken_bias, frame_terms(), encoder, chat=_CHAT, other=_OTHER)


def frame_terms() -> frozenset[str]:
    """Return the terms of the frames in which several articles are asked for."""
    languages = json.loads((_DATA / "kind_frames.json").read_text(encoding="utf-8")).values()
    frames = [frame for parts in languages for kind, own in parts["frames"].items() if kind != "fact" for frame in own]
    return frozenset(term for frame in frames for term in terms(frame.format(" ")))


def _fitted(
    learned: Sequence[Labelled], vectors: dict[str, NDArray[np.float32]], targets: Sequence[int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return _model(np.stack([vectors[q.text] for q in learned]), targets, _STRENGTH)


def _model(
    rows: NDArray[np.float32], targets: Sequence[int], strength: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=150).fit(rows, targets)
    return model.coef_.astype(np.float32), model.intercept_.astype(np.float32)


def cross_validated(learned: Sequence[Labelled], vectors: dict[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """Return the probabilities of each question by a model that has seen nothing of its group."""
    from sklearn.model_selection import GroupKFold

    found: dict[int, NDArray[np.float32]] = {}
    groups = [item.group for item in learned]
    for seen, unseen in GroupKFold(_FOLDS).split(learned, groups=groups):
        model = fitted([learned[place] for place in seen], vectors, "")
        found |= {int(place): model.probabilities(vectors[learned[place].text]) for place in unseen}
    return [found[place] for place in range(len(learned))]


def report(
    learned: Sequence[Labelled],
    held_out: Sequence[NDArray[np.float32]],
    exams: Sequence[Exam],
    answers: Sequence[NDArray[np.float32]],
    model: Classifier,
) -> None:
    """Write the tables: by kind in cross-validation, by exam, and what is mistaken on the exams."""
    told = [model.decide(probabilities) for probabilities in held_out]
    values: dict[str, dict[str, float]] = {}
    for kind in Kind:
        mine = [(item, own) for item, own in zip(learned, told, strict=True) if item.kind is kind and item.written]
        others = [own for item, own in zip(learned, told, strict=True) if item.kind is not kind]
        values[kind.value] = {
            "utterances": len(mine),
            "recall": _share(own is kind for _, own in mine),
            "taken for small talk": 0.0 if kind.is_chat else _share(own.is_chat for _, own in mine),
            "others taken for it": _share(own is kind for own in others),
        }
    of_kinds = Table("Cross-validated, by kind", "", ("kind", *values["fact"]), _cells(values))
    of_exams: dict[str, dict[str, float]] = {}
    mistaken = []
    for exam, expected in dict.fromkeys((item.exam, item.expected) for item in exams):
        mine_ = [
            (item, model.decide(own))
            for item, own in zip(exams, answers, strict=True)
            if (item.exam, item.expected) == (exam, expected)
        ]
        of_exams[f"{exam}, {expected}"] = {
            "questions": len(mine_),
            "right": _share(_is_right(expected, own) for _, own in mine_),
            "small talk": _share(own.is_chat for _, own in mine_),
            "several articles": _share(own.is_of_several for _, own in mine_),
            "latest": _share(own is Kind.LATEST for _, own in mine_),
        }
        mistaken += [(item.text, expected, own.value) for item, own in mine_ if not _is_right(expected, own)]
    exam_table = Table("On the exams", "", ("exam, expected", *next(iter(of_exams.values()))), _cells(of_exams))
    print(of_kinds.markdown(), exam_table.markdown())
    found = {"kinds": values, "exams": of_exams, "mistaken": mistaken}
    write("kinds", "Kinds of questions", _NOTE, found, [of_kinds, exam_table])


def _is_right(expected: str, told: Kind) -> bool:
    match expected:
        case "chat":
            return told.is_chat
        case "overview":
            return told.is_of_several
    return told.value == expected


def _share(hits: Iterator[bool]) -> float:
    counted = list(hits)
    return round(sum(counted) / len(counted), 4) if counted else 0.0


def _cells(values: dict[str, dict[str, float]]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (name, *(f"{figure:.3f}" if isinstance(figure, float) else f"{figure}" for figure in figures.values()))
        for name, figures in values.items()
    )


def _rows(folder: str, *names: str) -> Iterator[dict]:  # type: ignore[type-arg]
    for name in names:
        for line in (_SHARED / folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _wordings(row: dict) -> list[tuple[str, str]]:  # type: ignore[type-arg]
    """Return the wordings of a question, each with its language."""
    return [(language, row[f"question_{language}"]) for language in LANGUAGES if row.get(f"question_{language}")]


if __name__ == "__main__":
    main()
