"""Train what tells whether a question asks for what holds now: `python -m benchmarks.training.present [--write]`.

Learnt are the questions of the story libraries, in three wordings each: those that ask for what changed since, against
all others. Four libraries are left out and measured on. `--write` puts the model where the product reads it.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import Table, say, work_offline, write
from benchmarks.training.examples import LANGUAGES, read_lines
from index import open_encoder
from qa.evaluation.metrics import auroc
from qa.understanding.present import PresentState

_ROOT = Path(__file__).resolve().parents[2]
_SHARED = _ROOT.parent / "shared" / "train"
_OWN = _ROOT / "benchmarks" / "data" / "reading"
_FILE = _ROOT / "qa" / "understanding" / "present.npz"
_LEARNT = [
    *(_SHARED / f"stories-{letter}" for letter in "DEF"),
    *(_OWN / f"stories-{letter}" for letter in "GHIJKLMNO"),
]
_MEASURED = [_OWN / f"stories-{letter}" for letter in "PQRS"]
_STRENGTH = 10.0
# Chosen on three of the four libraries (P, Q, R), whose order of figures it is to put right: below it the order is lost
# for more questions that ask for an old figure than it is won for those that ask for the last.
_THRESHOLD = 0.2
_NOTE = (
    "Questions of four story libraries that are not learnt from: those that ask for what changed since (the toll now, "
    "who leads the inquiry now) against all others. The AUROC is of unseen questions; the threshold was chosen on "
    "three of the four libraries, so the shares told are not."
)


@dataclass(frozen=True)
class Wording:
    """One question in one language; `present` tells whether it asks for what holds now."""

    text: str
    language: str
    present: bool


def wordings(prefixes: Sequence[Path]) -> list[Wording]:
    """Read the questions that stand alone, in every language; both sides of a matter are of no one time."""
    return [
        Wording(str(line[f"question_{language}"]), language, line["expect"] == "newest")
        for prefix in prefixes
        for line in read_lines(prefix.with_name(f"{prefix.name}.exam.jsonl"))
        if line["expect"] in {"answer", "newest", "abstain"} and not line.get("history")
        for language in LANGUAGES
        if line.get(f"question_{language}")
    ]


def fit(vectors: NDArray[np.float32], asked: Sequence[Wording], encoder: str) -> PresentState:
    """Fit the model to vectors (n, dimensions) of questions."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH, max_iter=2000).fit(vectors, [item.present for item in asked])
    return PresentState(model.coef_[0].astype(np.float32), float(model.intercept_[0]), encoder, _THRESHOLD)


def table(model: PresentState, vectors: NDArray[np.float32], asked: Sequence[Wording]) -> Table:
    """Measure on questions that were not learnt from, by language."""
    shares = np.array([model.probability(vector) for vector in vectors])
    rows = []
    for language in LANGUAGES:
        own = np.array([item.language == language for item in asked])
        now = np.array([item.present for item in asked])
        told = shares >= model.threshold
        rows.append(
            (
                language, f"{auroc(shares[own & now].tolist(), shares[own & ~now].tolist()):.3f}",
                f"{told[own & now].mean():.3f}", str(int((own & now).sum())),
                f"{told[own & ~now].mean():.3f}", str(int((own & ~now).sum())),
            )
        )  # fmt: skip
    columns = ("", "AUROC", "what holds now is asked, told so", "of", "another time, told so", "of")
    return Table(f"{len(asked)} questions", "", columns, tuple(rows))


def main() -> None:
    """Encode, fit, measure and write."""
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("--write", action="store_true")
    options = flags.parse_args()
    work_offline()
    encoder = open_encoder()

    def encoded(asked: Sequence[Wording]) -> NDArray[np.float32]:
        return np.array([encoder.encode_query(item.text).vector for item in asked])

    learnt, measured = wordings(_LEARNT), wordings(_MEASURED)
    model = fit(encoded(learnt), learnt, encoder.name)
    found = table(model, encoded(measured), measured)
    say(found.markdown())
    results = [dict(zip(found.header[1:], row[1:], strict=True)) | {"language": row[0]} for row in found.rows]
    write("present", "Does a question ask for what holds now?", _NOTE, results, [found])
    if options.write:
        model.save(_FILE)


if __name__ == "__main__":
    main()
