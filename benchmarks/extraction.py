"""The text of news pages, taken out by Khabar, by trafilatura alone and by newspaper4k, against texts people marked.

The folder is that of github.com/scrapinghub/article-extraction-benchmark: `ground-truth.json` and `html/*.html.gz`. The
measure is its own: precision and recall of shingles of four words, a page each, and F1 of the two means. newspaper4k is
measured where it is named: what it needs does not go with what Khabar needs, so it is installed beside it.

    pip install --target NEWSPAPER newspaper4k lxml_html_clean
    python -m benchmarks.extraction FOLDER [--newspaper NEWSPAPER]
"""

import argparse
import gzip
import json
import random
import re
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.harness import Table, say, write
from index.errors import LoadError
from index.sources.decoding import decode
from index.sources.pages.extraction import parse_page

_SHINGLE = 4
_SAMPLES, _SEED = 1_000, 7


@dataclass(frozen=True, slots=True)
class Page:
    """How much of one page's text is right: shares of shingles, of all that are in either text."""

    right: float
    wrong: float
    missing: float

    @classmethod
    def of(cls, expected: str, found: str) -> "Page":
        """Compare two texts."""
        one, other = _shingles(expected), _shingles(found)
        right, every = (one & other).total(), (one | other).total()
        return cls(right / every, (other - one).total() / every, (one - other).total() / every)

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return _share(self.right, self.wrong)

    @property
    def recall(self) -> float:
        """The share of what there is that was found."""
        return _share(self.right, self.missing)


@dataclass(frozen=True, slots=True)
class Score:
    """F1, precision and recall over pages, each with its 95 % interval by resampling the pages."""

    f1: tuple[float, float, float]
    precision: tuple[float, float, float]
    recall: tuple[float, float, float]

    @classmethod
    def of(cls, pages: Sequence[Page]) -> "Score":
        """Sum up pages."""
        chance = random.Random(_SEED)
        drawn = [_means(chance.choices(pages, k=len(pages))) for _ in range(_SAMPLES)]
        whole = _means(pages)
        return cls(*(_interval(mean, [sample[place] for sample in drawn]) for place, mean in enumerate(whole)))


def main() -> None:
    """Measure, and write results/extraction."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("folder", type=Path, help="the benchmark's folder")
    made.add_argument("--newspaper", type=Path, help="the folder that newspaper4k is installed into")
    options = made.parse_args()
    folder = options.folder
    expected = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    htmls = {name: gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()) for name in expected}
    ways: dict[str, Callable[[bytes], str]] = {"Khabar": _khabar, f"trafilatura {version('trafilatura')}": _trafilatura}
    if options.newspaper:
        sys.path.append(str(options.newspaper))
        ways[f"newspaper4k {version('newspaper4k')}"] = _newspaper
    scores: dict[str, Score] = {}
    for way, extract in ways.items():
        say(f"{way}: {len(htmls)} pages")
        scores[way] = Score.of([Page.of(expected[name]["articleBody"], extract(html)) for name, html in htmls.items()])
    several = sum(len(_texts(html)) > 1 for html in htmls.values())
    rows = tuple((way, *(shown(value) for value in (score.f1, score.precision, score.recall)))
                 for way, score in scores.items())  # fmt: skip
    note = (
        f"{len(htmls)} English pages of news and blogs, an article each, with the article's text marked by people "
        "(github.com/scrapinghub/article-extraction-benchmark). Shingles of four words; in brackets the 95 % interval. "
        f"Khabar took {several} of the pages for several articles; all of a page's texts are counted as one. Three "
        "pages that it failed on at first were looked at, and two rules about what is called a wall or more to read "
        "changed for them."
    )
    values = {"pages": len(htmls), "several": several, "scores": {way: asdict(score) for way, score in scores.items()}}
    write(
        "extraction",
        "Text of web pages",
        note,
        values,
        [Table("Shingles", "", ("", "F1", "precision", "recall"), rows)],
    )


def _khabar(html: bytes) -> str:
    return "\n".join(_texts(html))


def _texts(html: bytes) -> list[str]:
    try:
        return [article.fields.text or "" for article in parse_page(decode(html))]
    except LoadError:
        # What it refuses counts as nothing found.
        return []


def _trafilatura(html: bytes) -> str:
    import trafilatura

    return trafilatura.extract(html, include_comments=False) or ""


def _newspaper(html: bytes) -> str:
    import newspaper

    page = newspaper.Article("https://example.org/", language="en", fetch_images=False)
    page.download(input_html=decode(html))
    page.parse()
    return str(page.text)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)))


def _share(part: float, rest: float) -> float:
    return 1.0 if rest == 0 else part / (part + rest)


def _means(pages: Sequence[Page]) -> tuple[float, float, float]:
    precision = statistics.fmean(page.precision for page in pages)
    recall = statistics.fmean(page.recall for page in pages)
    return 2 * precision * recall / (precision + recall), precision, recall


def _interval(mean: float, drawn: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(drawn)
    return mean, ordered[int(0.025 * len(ordered))], ordered[int(0.975 * len(ordered))]


def shown(value: tuple[float, float, float]) -> str:
    """Return a value with its interval."""
    return f"{value[0]:.3f} ({value[1]:.3f}–{value[2]:.3f})"


if __name__ == "__main__":
    main()
