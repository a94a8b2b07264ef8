"""All figures of the last runs in one table, `results/speed.md` and `results/speed.json`."""

import json

from benchmarks.harness import FIGURE_COLUMNS, RESULTS, Figure, Spread, Table, say, write

PARTS = ("runtimes", "indexing", "latency", "serving", "growth")


def figures(part: str) -> list[Figure]:
    """Read the figures that a part wrote; none when it has not run."""
    path = RESULTS / f"{part}.json"
    if not path.exists():
        return []
    return [_figure(item) for item in json.loads(path.read_text(encoding="utf-8")).get("figures", [])]


def _figure(item: dict[str, object]) -> Figure:
    fields = {key: value for key, value in item.items() if key != "met"}
    spreads = {key: Spread(**fields[key]) for key in ("ours", "theirs", "ratio") if fields.get(key)}  # type: ignore[arg-type]
    return Figure(**{**fields, **spreads})  # type: ignore[arg-type]


def main() -> None:
    """Write the summary of what there is."""
    tables, missing = [], []
    for part in PARTS:
        found = figures(part)
        if found:
            rows = tuple(figure.row() for figure in found)
            tables.append(Table(part.capitalize(), f"In full: {part}.md.", FIGURE_COLUMNS, rows))
        else:
            missing.append(part)
    if missing:
        say(f"not measured yet: {', '.join(missing)}")
    note = "Medians of the runs, with the least and the most; what stands beside is measured in the same run."
    met = {part: [figure.met for figure in figures(part)] for part in PARTS}
    write("speed", "Speed", note, met, tables)


if __name__ == "__main__":
    main()
