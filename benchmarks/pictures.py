"""Draw the README's two pictures out of the last results: quality against speed, cost against the library's size."""

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
    for name, draw in (("runtimes", _quality), ("growth", _growth)):
        path = RESULTS / f"{name}.json"
        if path.exists():
            draw(json.loads(path.read_text(encoding="utf-8"))["results"])
        else:
            say(f"no picture: {name} has not been measured")


def _quality(results: dict[str, Any]) -> None:
    figure, axes = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True)
    for place, (axis, language) in enumerate(zip(axes, (("en", "English"), ("ar", "Arabic")), strict=True)):
        for number, system in enumerate(item for item in results["systems"] if "torch float32" not in item["name"]):
            rate, recall = statistics.median(system["rates"]), system["recall"][language[0]]
            ours = system["name"].startswith("Khabar")
            axis.scatter(rate, recall, s=60 if ours else 35, color=f"C{number}", marker="o" if ours else "s")
            axis.annotate(system["name"], (rate, recall), (0, 7 if number % 2 else -13), textcoords="offset points",
                          ha="center", fontsize=7)  # fmt: skip
        axis.set(
            title=f"{language[1]} questions on Arabic paragraphs", xlabel="passages taken in a second", xscale="log"
        )
        axis.margins(0.25)
        axis.set_ylim(-0.08, 1.08)
        if not place:
            axis.set_ylabel("first passage found is right")
    _save(figure, "quality-speed")


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


def _save(figure: Any, name: str) -> None:
    figure.tight_layout()
    figure.savefig(RESULTS / f"{name}.svg", metadata={"Date": None})
    plt.close(figure)
    say(f"wrote results/{name}.svg")


if __name__ == "__main__":
    main()
