"""What orders the passages that are read: how the weights beside late interaction are fitted.

    python -m benchmarks.training.passages CANDIDATES.pkl ...

`CANDIDATES` are what `benchmarks.training.candidates` keeps. Fitted, by article in folds, are what a passage in another
language than the question gains (`FOREIGN` of qa/retrieval/late_interaction.py), and what its place in the fused
search counts (`SEARCHED` of qa/retrieval/retriever.py), both in units of the late-interaction score.
"""

import argparse
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.answers import Gold
from benchmarks.harness import Table, say, write
from benchmarks.training.candidates import Found
from qa.retrieval.late_interaction import FOREIGN
from qa.retrieval.retriever import SEARCHED
from qa.tuning.fitting import Choice, fit_listwise

_FOLDS = 5
_RIDGE = 0.004
_DEPTHS = (1, 6, 8)
_SHIPPED = np.array([1.0, FOREIGN, SEARCHED])
_WAYS = {"late interaction": (0,), "and the language": (0, 1), "and the search": (0, 1, 2)}
_NOTE = (
    "Questions that the models were not trained on; recall of a passage that answers among the first one, six and "
    "eight, of those that the search finds. The fitted rows are cross-validated by article; what "
    "ships was rounded from them."
)


@dataclass(frozen=True)
class Ordering:
    """A question's candidates: features (n, 3) of each, and which of them answer (n,)."""

    place: str
    group: str
    features: NDArray[np.float64]
    right: NDArray[np.bool_]

    @classmethod
    def of(cls, library: str, found: Found) -> "Ordering":
        """Take a question's candidates."""
        gold = Gold(found.line)
        features = [[hit.aligned, float(hit.language != found.language), hit.fused] for hit in found.hits]
        right = [
            any(
                p["article"] == hit.article and p["sentence"] in hit.text[hit.start : hit.end + 200]
                for p in gold.places
            )
            for hit in found.hits
        ]
        group = str(found.line.get("article") or found.line["id"])
        return cls(f"{library} {found.language}", group, np.array(features).reshape(-1, 3), np.array(right, dtype=bool))

    def rank(self, weights: NDArray[np.float64], columns: Sequence[int] = (0, 1, 2)) -> int:
        """Return how many candidates come before the first that answers; 99 where none does."""
        if not self.right.any():
            return 99
        scores = self.features[:, list(columns)] @ weights
        return int((scores > scores[self.right].max()).sum())


def fitted(orderings: Sequence[Ordering], columns: Sequence[int]) -> NDArray[np.float64]:
    """Fit weights by which passages that answer get the largest share (listwise), the first of them 1."""
    choices = [Choice(item.features[:, list(columns)], item.right) for item in orderings if item.right.any()]
    beta = fit_listwise(choices, _RIDGE)
    scaled: NDArray[np.float64] = beta / beta[0]
    return scaled


def cross_validated(orderings: Sequence[Ordering], columns: Sequence[int]) -> list[int]:
    """Rank each question's passages by weights that saw nothing of its article."""
    groups = {group: place % _FOLDS for place, group in enumerate(sorted({item.group for item in orderings}))}
    weights = [fitted([item for item in orderings if groups[item.group] != fold], columns) for fold in range(_FOLDS)]
    return [item.rank(weights[groups[item.group]], columns) for item in orderings]


def main() -> None:
    """Fit, tell and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("candidates", type=Path, nargs="+")
    options = parser.parse_args()
    orderings = [
        Ordering.of(path.stem.removeprefix("cand-"), found)
        for path in options.candidates
        for found in pickle.loads(path.read_bytes())
        if Gold(found.line).expect != "abstain"
    ]
    ranks = {name: cross_validated(orderings, columns) for name, columns in _WAYS.items()}
    ranks["as it ships"] = [item.rank(_SHIPPED) for item in orderings]
    weights = {name: fitted(orderings, columns).round(4).tolist() for name, columns in _WAYS.items()}
    weights["as it ships"] = _SHIPPED.tolist()
    places = sorted({item.place for item in orderings})
    results = {
        name: {
            place: [
                round(float(np.mean([r < d for r, o in zip(own, orderings, strict=True) if o.place == place])), 3)
                for d in _DEPTHS
            ]
            for place in places
        }
        for name, own in ranks.items()
    }
    body = tuple(
        (name, ", ".join(f"{w:g}" for w in weights[name]), *(" / ".join(f"{v:.3f}" for v in by[p]) for p in places))
        for name, by in results.items()
    )
    table = Table(f"{len(orderings)} questions", "", ("", "weights", *places), body)
    say(table.markdown())
    write("passages", "The order in which passages are read", _NOTE, {"recall": results, "weights": weights}, [table])


if __name__ == "__main__":
    main()
