"""How well checking tells true sentences from corrupted ones: fits `qa/checking.json` and measures it.

    python -m benchmarks.checking

True: sentences of XQuAD's development half that hold an answer, against their own paragraph and its translation, and
sentences of the news exam with the speaker the article gives them. Corrupted: another number, another name, a negation
put in or taken out, another speaker, and the true sentence against another paragraph of the same article. AUROC is of
the true against the corrupted, by five-fold cross-validation over articles.
"""

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import Data, Table, parser, say, work_offline, write
from index import Article, Passage
from index.chunking import context_of
from index.encoder import Encoder, open_encoder
from index.indexing import encoder_input
from index.search import Candidate
from index.text import sentences
from index.token_space import pack
from qa.checking import SIGNS, Checker
from qa.facts import FactKind, facts_of
from qa.metrics import auroc
from qa.speaker import attribute

QA = Path(__file__).resolve().parent.parent / "qa"
FOLDS = 5
RIDGE = 0.02
# The share of true sentences that should count as verified.
KEPT = 0.90
PAIRS = (("en", "en"), ("ar", "ar"), ("en", "ar"), ("ar", "en"))
KINDS = ("number", "name", "negation", "wrong speaker", "wrong passage")
_DENIALS = (
    (" كان ", " لم يكن "),
    (" كانت ", " لم تكن "),
    ("وكان ", "ولم يكن "),
    ("وكانت ", "ولم تكن "),
    (" هو ", " ليس هو "),
    (" هي ", " ليست هي "),
    (" تم ", " لم يتم "),
    (" يمكن ", " لا يمكن "),
    (" يتم ", " لا يتم "),
)
_NOTE = (
    "AUROC of the probability that checking gives, true against corrupted sentences, by five-fold cross-validation "
    "over articles; in brackets the share of the corrupted that the threshold catches, to which lacking numbers and "
    "dates add. Kept: true sentences that count as verified at the threshold. Sentences in the passage's own language "
    "stand in it word for word, so the pairs across languages tell more. Wrong speaker: another person whom the same "
    "article names, in Arabic news."
)


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence against a passage: `kind` is "true" or how it was corrupted."""

    pair: str
    kind: str
    group: str
    sentence: str
    passage: Candidate


def main() -> None:
    """Measure, fit, and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--limit", type=int, default=120, help="sentences of each pair (default: 120)")
    arguments = flags.parse_args()
    work_offline()
    encoder = open_encoder()
    items = [*xquad_items(Data(arguments.data), encoder, arguments.limit), *news_items(Data(arguments.data), encoder)]
    say(f"{len(items)} sentences to check")
    checker = Checker(encoder)
    signs = np.array([astuple(checker.signs(item.sentence, [item.passage])[0][0]) for item in items])
    report(items, signs)


def xquad_items(data: Data, encoder: Encoder, limit: int) -> Iterator[Item]:
    """Make true and corrupted sentences out of parallel paragraphs."""
    files = {
        language: json.loads(data.file(f"eval/xquad.{language}.dev.json").read_text(encoding="utf-8"))["data"]
        for language in ("en", "ar")
    }
    paragraphs = {
        language: [(number, p) for number, article in enumerate(articles) for p in article["paragraphs"]]
        for language, articles in files.items()
    }
    say("encoding the paragraphs")
    passages = {
        language: stored(
            encoder,
            [Article.create(f"{language}{at}", p["context"], language=language) for at, (_, p) in enumerate(found)],
        )
        for language, found in paragraphs.items()
    }
    for written, read in PAIRS:
        names = _names(paragraphs[written], paragraphs["en"])
        chosen = list(_sentences(paragraphs[written]))
        chosen = chosen[:: max(1, len(chosen) // limit)][:limit]
        for at, sentence in chosen:
            group = f"x{paragraphs[written][at][0]}"
            own = passages[read][at]
            pair = f"{written} on {read}"
            yield Item(pair, "true", group, sentence, own)
            rng = random.Random(f"{written}{read}{sentence}")
            others = [
                place for place, (article, _) in enumerate(paragraphs[read]) if f"x{article}" == group and place != at
            ]
            if others:
                yield Item(pair, "wrong passage", group, sentence, passages[read][rng.choice(others)])
            corrupted = {
                "number": renumbered(sentence, own.text, rng),
                "name": renamed(sentence, own.text, names, rng),
                "negation": denied(sentence),
            }
            yield from (Item(pair, kind, group, text, own) for kind, text in corrupted.items() if text)


def news_items(data: Data, encoder: Encoder) -> Iterator[Item]:
    """Make true and misattributed sentences out of the news exam's speakers."""
    lines = data.file("eval/news.dev.jsonl").read_text(encoding="utf-8").splitlines()
    wanted = {
        item["article"]: item
        for item in map(json.loads, lines)
        if item["type"] in ("speaker", "who") and item["article"]
    }
    with gzip.open(data.file("corpus/ant.jsonl.gz"), "rt", encoding="utf-8") as file:
        articles = {row["id"]: row for row in map(json.loads, file) if row["id"] in wanted}
    for id, item in wanted.items():
        article = Article.create(id, articles[id]["text"], title=articles[id].get("title") or "", language="ar")
        spans = sentences(article.text)
        speakers = [attribute(article.text, spans, place) for place in range(len(spans))]
        names = {speaker.name for speaker in speakers if speaker}
        place = next((p for p, span in enumerate(spans) if item["sentence"][:40] in span.slice(article.text)), None)
        if place is None or speakers[place] is None:
            continue
        sentence = spans[place].slice(article.text)
        said_by = speakers[place]
        others = sorted(
            name for name in names if name != said_by.name and not set(name.split()) & set(said_by.name.split())
        )
        if said_by.name not in sentence or not others or len(sentence) > 500:
            continue
        start = max(0, spans[place].start - 300)
        (passage,) = stored(encoder, [article], [Passage(id, start, min(len(article.text), spans[place].end + 300))])
        yield Item("ar on ar, news", "true", f"n{id}", sentence, passage)
        yield Item("ar on ar, news", "wrong speaker", f"n{id}", sentence.replace(said_by.name, others[0]), passage)


def stored(encoder: Encoder, articles: Sequence[Article], passages: Sequence[Passage] | None = None) -> list[Candidate]:
    """Encode articles as a library stores their passages: by default one that is the whole article."""
    passages = passages or [Passage(article.id, 0, len(article.text)) for article in articles]
    found: list[Candidate] = []
    for article, passage in zip(articles, passages, strict=True):
        text = encoder_input(context_of(article), passage.slice(article.text))
        (vectors,) = encoder.encode_passages([text])
        found.append(Candidate(passage, article, 1, 0.0, tokens=pack(vectors.tokens.vectors)))
    return found


def _sentences(paragraphs: Sequence[tuple[int, Any]]) -> Iterator[tuple[int, str]]:
    for at, (_, paragraph) in enumerate(paragraphs):
        context = paragraph["context"]
        spans = sentences(context)
        starts = [question["answers"][0]["answer_start"] for question in paragraph["qas"]]
        for span in spans:
            if any(span.start <= start < span.end for start in starts) and 40 <= span.end - span.start <= 400:
                yield at, span.slice(context)


def _names(paragraphs: Sequence[tuple[int, Any]], english: Sequence[tuple[int, Any]]) -> list[str]:
    """Return the answers that are names, told by the capitals of their English wording."""
    worded = {q["id"]: q["answers"][0]["text"] for _, p in english for q in p["qas"]}
    return [
        question["answers"][0]["text"]
        for _, paragraph in paragraphs
        for question in paragraph["qas"]
        if re.fullmatch(r"(?:[A-Z][a-zé'’\-]+ ?){1,3}", worded[question["id"]])
    ]


def renumbered(sentence: str, passage: str, rng: random.Random) -> str | None:
    """Put another number, one that the passage lacks, in the place of one in figures."""
    figures = [fact for fact in facts_of(sentence) if fact.kind is FactKind.NUMBER and re.fullmatch(r"\d+", fact.text)]
    if not figures:
        return None
    fact = rng.choice(figures)
    steps = [-7, -3, -2, -1, 1, 2, 4, 9, 20]
    rng.shuffle(steps)
    others = (str(int(fact.text) + step) for step in steps if int(fact.text) + step > 0)
    other = next((number for number in others if number not in passage), None)
    return sentence[: fact.start] + other + sentence[fact.end :] if other else None


def renamed(sentence: str, passage: str, names: Sequence[str], rng: random.Random) -> str | None:
    """Put another name, one that the passage lacks, in the place of one."""
    held = [name for name in names if name in sentence]
    if not held:
        return None
    name = rng.choice(held)
    others = [other for other in names if other not in passage and other.split()[-1] not in passage]
    return sentence.replace(name, rng.choice(others)) if others else None


def denied(sentence: str) -> str | None:
    """Put a negation in, or take one out."""
    out = re.subn(r"\b(was|were|is|are|has|had|did|could|can|will|would|do|does) not\b", r"\1", sentence, count=1)
    if out[1]:
        return out[0]
    put = re.subn(r"\b(was|were|is|are|has|had|could|can|will|would)\b(?! not)", r"\1 not", sentence, count=1)
    if put[1]:
        return put[0]
    for was, was_not in _DENIALS:
        if was in sentence:
            return sentence.replace(was, was_not, 1)
    return None


def report(items: Sequence[Item], signs: NDArray[np.float64]) -> None:
    """Cross-validate, fit the shipped models, and write both."""
    foreign = np.array([item.pair in ("en on ar", "ar on en") for item in items])
    true = np.array([item.kind == "true" for item in items])
    groups = sorted({item.group for item in items})
    fold = np.array([groups.index(item.group) % FOLDS for item in items])
    probability = np.zeros(len(items))
    for part in (foreign, ~foreign):
        for number in range(FOLDS):
            held = part & (fold == number)
            weights, bias = fit(signs[part & (fold != number)], true[part & (fold != number)])
            probability[held] = 1 / (1 + np.exp(-(signs[held] @ weights + bias)))
    models = {}
    thresholds = {}
    for name, part in (("same", ~foreign), ("foreign", foreign)):
        weights, bias = fit(signs[part], true[part])
        thresholds[name] = float(np.quantile(probability[part & true], 1 - KEPT))
        models[name] = {
            "weights": dict(zip(SIGNS, (round(float(w), 4) for w in weights), strict=True)),
            "bias": round(bias, 4),
            "threshold": round(thresholds[name], 4),
        }
    (QA / "checking.json").write_text(json.dumps(models, indent=1) + "\n", encoding="utf-8")
    rows, values = [], {}
    for pair in dict.fromkeys(item.pair for item in items):
        mine = np.array([item.pair == pair for item in items])
        threshold = thresholds["foreign" if foreign[mine][0] else "same"]
        values[pair] = {"true": int((mine & true).sum()), "kept": float((probability[mine & true] >= threshold).mean())}
        cells = [pair, f"{values[pair]['true']}", f"{values[pair]['kept']:.2f}"]
        for kind in KINDS:
            wrong = mine & np.array([item.kind == kind for item in items])
            if not wrong.any():
                cells.append("–")
                continue
            area = auroc(list(probability[mine & true]), list(probability[wrong]))
            caught = float((probability[wrong] < threshold).mean())
            values[pair][kind] = {"n": int(wrong.sum()), "auroc": round(area, 4), "caught": round(caught, 4)}
            cells.append(f"{area:.3f} ({caught:.2f} of {int(wrong.sum())})")
        rows.append(tuple(cells))
    header = ("sentence on passage", "true", "kept", *KINDS)
    table = Table("Detection, AUROC (and share caught at the threshold)", "", header, tuple(rows))
    print(table.markdown())
    write("checking", "Checking written sentences", _NOTE, values, [table])


def fit(signs: NDArray[np.float64], true: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """Fit a ridge logistic regression, both classes weighing the same, by Newton's method."""
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-6
    x = np.column_stack([(signs - mean) / spread, np.ones(len(signs))])
    y = true.astype(float)
    weight = np.where(true, 0.5 / true.sum(), 0.5 / (~true).sum()) * len(y)
    beta = np.zeros(x.shape[1])
    penalty = np.diag([RIDGE * len(y)] * signs.shape[1] + [1e-9])
    for _ in range(50):
        p = 1 / (1 + np.exp(-(x @ beta)))
        gradient = x.T @ (weight * (y - p)) - penalty @ beta
        hessian = x.T @ (x * (weight * p * (1 - p))[:, None]) + penalty
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if float(np.abs(step).max()) < 1e-8:
            break
    weights = beta[:-1] / spread
    return weights, float(beta[-1] - weights @ mean)


if __name__ == "__main__":
    main()
