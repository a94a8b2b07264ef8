"""Draw the pictures of docs/measured.md out of the last results.

Quality against speed, cost against size, confidence against what is right, and the reader's learning curve.
"""

import json
import statistics
from typing import Any

from matplotlib import pyplot as plt

from benchmarks.harness import RESULTS, say

_SHOWN = {"vector": "question's vector", "dense": "Chroma", "lexical": "FTS5", "joined": "catalog",
          "reranked": "late interaction", "read": "reader"}  # fmt: skip


def main() -> None:
    """Draw what there are results for."""
    plt.switch_backend("svg")
    # Text as text, the same file from the same results.
    plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "khabar", "font.size": 9, "axes.grid": True,
                         "grid.alpha": 0.3, "axes.spines.top": False, "axes.spines.right": False})  # fmt: skip
    drawn = (("runtimes", _quality), ("growth", _growth), ("answers", _calibration), ("learning", _learning))
    for name, draw in drawn:
        path = RESULTS / f"{name}.json"
        if path.exists():
            draw(json.loads(path.read_text(encoding="utf-8"))["results"])
        else:
            say(f"no picture: {name} has not been measured")


def _quality(results: dict[str, Any]) -> None:
    figure, axes = plt.subplots(1, 2, figsize=(8, 3.8), sharey=True)
    systems = [item for item in results["systems"] if "float32" not in item["name"]]
    for axis, (language, name) in zip(axes, (("en", "English"), ("ar", "Arabic")), strict=True):
        for number, system in enumerate(systems):
            ours = system["name"].startswith("Khabar")
            rate, recall = statistics.median(system["rates"]), system["recall"][language]
            label = system["name"] if language == "en" else None
            axis.scatter(rate, recall, s=70 if ours else 45, color=f"C{number}", marker="os"[not ours], label=label)
        axis.set(
            title=f"{name} questions on Arabic paragraphs", xlabel="passages taken in a second", ylim=(-0.05, 1.05)
        )
        axis.set_xlim(0, 1.1 * max(statistics.median(system["rates"]) for system in systems))
    axes[0].set_ylabel("first passage found is right")
    figure.legend(loc="lower center", ncol=3, fontsize=8, frameon=False)
    _save(figure, "quality-speed", below=0.14)


def _growth(results: dict[str, Any]) -> None:
    sizes = results["sizes"]
    passages = [size["passages"] for size in sizes]
    figure, (stages, space) = plt.subplots(1, 2, figsize=(8, 3.4))
    for name, label in _SHOWN.items():
        stages.plot(passages, [statistics.median(size["stages"][name]) for size in sizes], marker="o", label=label)
    stages.plot(passages, [statistics.median(size["stages"]["whole"]) for size in sizes], "k-o", label="whole question")
    stages.set(title="a question, warm", xlabel="passages", ylabel="median ms", xscale="log", yscale="log")
    stages.legend(fontsize=7)
    for key, label in (("resident_mib", "memory"), ("disk_mib", "disk")):
        space.plot(passages, [size[key] for size in sizes], marker="o", label=label)
    space.set(title="memory and disk", xlabel="passages", ylabel="MiB", xscale="log", yscale="log")
    space.legend(fontsize=7)
    _save(figure, "growth")


def _calibration(results: dict[str, Any]) -> None:
    figure, axis = plt.subplots(figsize=(4.6, 4.2))
    axis.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for exam, bins in results["calibration"].items():
        axis.plot([own["confidence"] for own in bins], [own["right"] for own in bins], marker="o", label=exam)
    axis.set(xlabel="confidence", ylabel="share of first quotes that answer", xlim=(0, 1), ylim=(0, 1))
    axis.legend(fontsize=8)
    _save(figure, "calibration")


def _learning(results: list[dict[str, float]]) -> None:
    figure, axis = plt.subplots(figsize=(5.4, 3.6))
    points = [point for point in results if point["groups"] >= 0]
    for key, label in (("sentence", "sentence"), ("f1", "F1"), ("auroc", "AUROC"), ("speaker", "speaker")):
        axis.plot([point["groups"] for point in points], [point[key] for point in points], marker="o", label=label)
    axis.set(xlabel="groups read", ylim=(0.4, 1))
    axis.legend(fontsize=8)
    _save(figure, "learning")


def _save(figure: Any, name: str, *, below: float = 0.0) -> None:
    figure.tight_layout(rect=(0, below, 1, 1))
    figure.savefig(RESULTS / f"{name}.svg", metadata={"Date": None})
    plt.close(figure)
    say(f"wrote results/{name}.svg")


if __name__ == "__main__":
    main()
