"""How well checking tells true sentences from corrupted ones: fits `support_model.json`.

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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.checking_models import SHORTENED, Item, fit_checks, fit_words, named, of_kind
from benchmarks.harness import Data, Table, parser, say, work_offline, write
from index import Article, Passage
from index.analysis import Span, sentences
from index.analysis.entities import EntityKind, entities_of
from index.encoding.encoder import Encoder, open_encoder
from index.encoding.token_space import pack
from index.ingest.chunking import context_of
from index.ingest.indexer import encoder_input
from index.search import Candidate
from qa.attribution.attribution import attribute
from qa.evaluation.metrics import auroc
from qa.verification.support import Comparison, SupportChecker
from qa.verification.support_model import CHECKS, FOREIGN_CHECKS

QA = Path(__file__).resolve().parent.parent / "qa" / "verification"
FOLDS = 5
# The share of true sentences that must count as verified.
KEPT = 0.90
MODELS = {"same": CHECKS, "foreign": FOREIGN_CHECKS, "caseless": FOREIGN_CHECKS}
PAIRS = (("en", "en"), ("ar", "ar"), ("en", "ar"), ("ar", "en"))
KINDS = tuple(CHECKS)
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
    "AUROC of the product of probabilities that checking gives, true against corrupted sentences, by five-fold "
    "cross-validation over articles, the models of words included; in brackets the share of the corrupted that the "
    "threshold catches, to which lacking numbers and dates add. Kept: true sentences that count as verified at the "
    "threshold, and those of which only the part before a comma was written (shortened). Sentences in the passage's "
    "own language stand in it word for word, so the pairs across languages tell more. Wrong speaker: another person "
    "whom the same article names, in Arabic news."
)


@dataclass(frozen=True, slots=True)
class Renamed:
    """A sentence with another name, and where it stands."""

    text: str
    put_in: tuple[Span, ...]


def main() -> None:
    """Measure, fit, and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--limit", type=int, default=120, help="sentences of each pair (default: 120)")
    arguments = flags.parse_args()
    work_offline()
    encoder = open_encoder()
    items = [*xquad_items(Data(arguments.data), encoder, arguments.limit), *news_items(Data(arguments.data), encoder)]
    say(f"{len(items)} sentences to check")
    checker = SupportChecker(encoder)
    looked = []
    for place, item in enumerate(items):
        looked += checker.look(item.sentence, [item.passage])
        if place % 200 == 199:
            say(f"{place + 1} looked at")
    report(items, looked)


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
            shorter = shortened(sentence)
            if shorter:
                yield Item(pair, SHORTENED, group, shorter, own)
            rng = random.Random(f"{written}{read}{sentence}")
            others = [
                place for place, (article, _) in enumerate(paragraphs[read]) if f"x{article}" == group and place != at
            ]
            if others:
                yield Item(pair, "wrong passage", group, sentence, passages[read][rng.choice(others)])
            number = renumbered(sentence, own.text, rng)
            if number:
                yield Item(pair, "number", group, number, own)
            # What the paragraph holds in either language is not put in.
            name = renamed(sentence, f"{own.text}\n{passages[written][at].text}", names, rng)
            if name:
                yield Item(pair, "name", group, name.text, own, name.put_in)
            negation = denied(sentence)
            if negation:
                yield Item(pair, "negation", group, negation, own)


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
        said_by = speakers[place] if place is not None else None
        if place is None or said_by is None:
            continue
        sentence = spans[place].slice(article.text)
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
    """Return the answers that are names, told by the capitals of their English wording.

    A number in words is none, nor is an answer that the other language words at more length.
    """
    worded = {q["id"]: q["answers"][0]["text"] for _, p in english for q in p["qas"]}
    found = []
    for question in (question for _, paragraph in paragraphs for question in paragraph["qas"]):
        text, name = question["answers"][0]["text"], worded[question["id"]]
        is_name = re.fullmatch(r"(?:[A-Z][a-zé'’\-]+ ?){1,3}", name) and all(
            fact.kind is EntityKind.NAME for fact in entities_of(f"- {name}")
        )
        if is_name and len(text.split()) <= len(name.split()) + 1:
            found.append(text)
    return found


def renumbered(sentence: str, passage: str, rng: random.Random) -> str | None:
    """Put another number, one that the passage lacks, in the place of one in figures."""
    figures = [
        fact for fact in entities_of(sentence) if fact.kind is EntityKind.NUMBER and re.fullmatch(r"\d+", fact.text)
    ]
    if not figures:
        return None
    fact = rng.choice(figures)
    steps = [-7, -3, -2, -1, 1, 2, 4, 9, 20]
    rng.shuffle(steps)
    others = (str(int(fact.text) + step) for step in steps if int(fact.text) + step > 0)
    other = next((number for number in others if number not in passage), None)
    return sentence[: fact.start] + other + sentence[fact.end :] if other else None


def renamed(sentence: str, held: str, names: Sequence[str], rng: random.Random) -> Renamed | None:
    """Put another name, no word of which is held, in the place of one; what is written before an Arabic name stays."""
    there = [name for name in names if _place_of(name).search(sentence)]
    others = [other for other in names if all(word not in held for word in other.split())]
    if not there or not others:
        return None
    name, other = rng.choice(there), rng.choice(others)
    text, put_in, end = "", [], 0
    for match in _place_of(name).finditer(sentence):
        text += sentence[end : match.start("name")]
        put_in.append(Span(len(text), len(text) + len(other)))
        text += other
        end = match.end()
    return Renamed(text + sentence[end:], tuple(put_in))


def _place_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)[وفبلك]?(?P<name>{re.escape(name)})(?!\w)")


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


def shortened(sentence: str) -> str | None:
    """Leave out what follows the first comma that has enough before and after it."""
    for match in re.finditer(r"[,،;](?=\s)", sentence):
        if match.start() >= 40 and len(sentence) - match.end() >= 20:
            return f"{sentence[: match.start()]}."
    return None


def report(items: Sequence[Item], looked: Sequence[Comparison]) -> None:
    """Cross-validate, fit the shipped models, and write both."""
    groups = sorted({item.group for item in items})
    fold = np.array([groups.index(item.group) % FOLDS for item in items])
    everything = np.ones(len(items), bool)
    parts = {name: np.array([_model_of(item.pair) == name for item in items]) for name in MODELS}
    probability = np.zeros(len(items))
    for number in range(FOLDS):
        held = fold == number
        words = fit_words(items, looked, ~held)
        signs = [look.signs(words) for look in looked]
        for name, checked in MODELS.items():
            model = fit_checks(items, signs, parts[name] & ~held, checked)
            for place in np.flatnonzero(parts[name] & held):
                probability[place] = model.of(signs[place])
    words = fit_words(items, looked, everything)
    signs = [look.signs(words) for look in looked]
    models: dict[str, Any] = {"words": {"cased": named(words.cased), "caseless": named(words.caseless)}}
    thresholds = {}
    for name, checked in MODELS.items():
        thresholds[name] = threshold_of(items, probability, parts[name])
        checks = fit_checks(items, signs, parts[name], checked).checks
        models[name] = {
            "checks": {check: named(model) for check, model in checks.items()},
            "threshold": round(thresholds[name], 4),
        }
    (QA / "support_model.json").write_text(json.dumps(models, indent=1) + "\n", encoding="utf-8")
    rows, values = [], {}
    for pair in dict.fromkeys(item.pair for item in items):
        values[pair] = figures(items, probability, pair, thresholds[_model_of(pair)])
        rows.append(_row(pair, values[pair]))
    header = ("sentence on passage", "true", "kept", "kept shortened", *KINDS)
    table = Table("Detection, AUROC (and share caught at the threshold)", "", header, tuple(rows))
    print(table.markdown())
    write("checking", "Checking written sentences", _NOTE, values, [table])


def figures(items: Sequence[Item], probability: NDArray[np.float64], pair: str, threshold: float) -> dict[str, Any]:
    """Return a pair's figures: what is kept of the true, and how well each corruption is told from them."""
    mine = np.array([item.pair == pair for item in items])
    true, shorter = mine & of_kind(items, "true"), mine & of_kind(items, SHORTENED)
    found: dict[str, Any] = {"true": int(true.sum()), "kept": float((probability[true] >= threshold).mean())}
    if shorter.any():
        found[SHORTENED] = {"n": int(shorter.sum()), "kept": float((probability[shorter] >= threshold).mean())}
    for kind in KINDS:
        wrong = mine & of_kind(items, kind)
        if wrong.any():
            area = auroc(list(probability[true]), list(probability[wrong]))
            caught = float((probability[wrong] < threshold).mean())
            found[kind] = {"n": int(wrong.sum()), "auroc": round(area, 4), "caught": round(caught, 4)}
    return found


def threshold_of(items: Sequence[Item], probability: NDArray[np.float64], part: NDArray[np.bool_]) -> float:
    """Return the threshold that keeps most and catches most together, of those that keep enough true sentences."""
    true = probability[part & of_kind(items, "true")]
    wrong = [probability[part & of_kind(items, kind)] for kind in KINDS]
    highest = float(np.quantile(true, 1 - KEPT))

    def told(threshold: float) -> float:
        caught = [float((one < threshold).mean()) for one in wrong if len(one)]
        return float((true >= threshold).mean()) + sum(caught) / len(caught)

    return max([highest, *(float(value) for value in true if value <= highest)], key=told)


def _model_of(pair: str) -> str:
    """Name the model for a pair of languages."""
    return {"en on ar": "foreign", "ar on en": "caseless"}.get(pair, "same")


def _row(pair: str, values: dict[str, Any]) -> tuple[str, ...]:
    shorter = values.get(SHORTENED)
    cells = [pair, f"{values['true']}", f"{values['kept']:.2f}", f"{shorter['kept']:.2f}" if shorter else "–"]
    for kind in KINDS:
        found = values.get(kind)
        cells.append(f"{found['auroc']:.3f} ({found['caught']:.2f} of {found['n']})" if found else "–")
    return tuple(cells)


if __name__ == "__main__":
    main()
