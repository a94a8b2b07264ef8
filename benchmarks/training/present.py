"""Train what tells whether a question asks for what holds now: `python -m benchmarks.training.present [--write]`.

Learnt are the questions of the story libraries, in three wordings each: those that ask for what changed since, against
all others. The three libraries that ranker and revisions are fitted on are left out and measured on. `--write` puts the
model where the product reads it.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.harness import Table, say, write
from benchmarks.training.examples import LANGUAGES, read_lines
from qa.evaluation.metrics import auroc
from qa.understanding.present import BUCKETS, PresentState, runs_of

_ROOT = Path(__file__).resolve().parents[2]
_SHARED = _ROOT.parent / "shared" / "train"
_OWN = _ROOT / "benchmarks" / "data" / "reading"
_FILE = _ROOT / "qa" / "understanding" / "present.npz"
_HELD = [_SHARED / "stories-F", _OWN / "stories-K", _OWN / "stories-U"]
_LEARNT = [
    _SHARED / "stories-D",
    _SHARED / "stories-E",
    *(_OWN / f"stories-{name}" for name in (*"GHIJLMNOPQRSTVWXYZ", "AA", "AB", "AC", "AD")),
]
_STRENGTH = 1.0
_NOTE = (
    "Questions of three story libraries that are not learnt from: those that ask for what changed since (the toll now, "
    "who leads the inquiry now) against all others."
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


def fit(asked: Sequence[Wording]) -> PresentState:
    """Fit the model to questions."""
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.linear_model import LogisticRegression

    counts = [runs_of(item.text) for item in asked]
    rows = np.repeat(np.arange(len(counts)), [len(own) for own in counts])
    columns = np.array([bucket for own in counts for bucket in own])
    values = np.array([often for own in counts for often in own.values()], dtype=np.float64)
    transform = TfidfTransformer(sublinear_tf=True)
    matrix = transform.fit_transform(csr_matrix((values, (rows, columns)), (len(counts), BUCKETS)))
    model = LogisticRegression(C=_STRENGTH, max_iter=2000).fit(matrix, [item.present for item in asked])
    seen = np.isin(np.arange(BUCKETS), columns)
    return PresentState(
        np.where(seen, transform.idf_, transform.idf_.max()).astype(np.float32),
        model.coef_[0].astype(np.float32), float(model.intercept_[0]),
    )  # fmt: skip


def table(model: PresentState, asked: Sequence[Wording]) -> Table:
    """Measure on questions that were not learnt from, by language."""
    shares = np.array([model.probability(item.text) for item in asked])
    rows = []
    for language in LANGUAGES:
        own = np.array([item.language == language for item in asked])
        now = np.array([item.present for item in asked])
        rows.append(
            (
                language, f"{auroc(shares[own & now].tolist(), shares[own & ~now].tolist()):.3f}",
                f"{np.median(shares[own & now]):.3f}", str(int((own & now).sum())),
                f"{np.median(shares[own & ~now]):.3f}", str(int((own & ~now).sum())),
            )
        )  # fmt: skip
    columns = ("", "AUROC", "what holds now is asked: probability, median", "of", "another time: median", "of")
    return Table(f"{len(asked)} questions", "", columns, tuple(rows))


def main() -> None:
    """Fit, measure and write."""
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("--write", action="store_true")
    options = flags.parse_args()
    learnt, measured = wordings(_LEARNT), wordings(_HELD)
    model = fit(learnt)
    found = table(model, measured)
    say(found.markdown())
    results = [dict(zip(found.header[1:], row[1:], strict=True)) | {"language": row[0]} for row in found.rows]
    write("present", "Does a question ask for what holds now?", _NOTE, results, [found])
    if options.write:
        model.save(_FILE)


if __name__ == "__main__":
    main()
