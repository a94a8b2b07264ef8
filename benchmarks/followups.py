"""How well follow-up questions are made to stand alone: retrieval on the rewritten question against the gold one.

    python -m benchmarks.followups

Asks the dialogues of `data/dialogues.jsonl`, two or three turns each, in English and Arabic, over the samples and over
the news corpus. The turns before are answered by Khabar itself, so what "he" stands for is who it quoted. Measured is
where the article that answers stands among those found: for the question as asked, as rewritten, and as a person wrote
it to stand alone.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.harness import Data, Table, parser, say, work_offline, write
from index import Filters, Library, open_encoder
from qa import Assistant, Turn
from qa.question import Question
from qa.rewriting.follow_ups import RuleRewriter, stood_alone

FILE = Path(__file__).parent / "data" / "dialogues.jsonl"
SAMPLES = Path(__file__).resolve().parents[1] / "samples"
DEPTH = 10
WAYS = ("as asked", "rewritten", "gold")
_NOTE = (
    "Follow-up turns of the dialogues; the share whose article is found first, and among the first five, and the mean "
    "reciprocal rank within ten. Untouched: questions that were left as asked."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One follow-up, its three wordings, and the rank of its article for each (0: not among the first ten)."""

    dialogue: str
    group: str
    wordings: tuple[str, str, str]
    ranks: tuple[int, int, int]


def main() -> None:
    """Measure and write the results."""
    flags = parser(__doc__)
    flags.add_argument("--library", type=Path, help="a library over the news corpus (default: the cache's)")
    arguments = flags.parse_args()
    work_offline()
    dialogues = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    Data(arguments.data).file("corpus/ant.jsonl.gz")
    encoder = open_encoder()
    found: list[Asked] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(Path(folder) / "samples", encoder=encoder) as library,
    ):
        library.sync(SAMPLES)
        found += run(Assistant(library), [d for d in dialogues if d["library"] == "samples"])
    with Library.open(arguments.library or arguments.cache / "library-ant", encoder=encoder) as library:
        found += run(Assistant(library), [d for d in dialogues if d["library"] == "ant"])
    report(found, len(dialogues))


def run(assistant: Assistant, dialogues: Sequence[dict]) -> Iterator[Asked]:  # type: ignore[type-arg]
    """Go through the dialogues, asking each turn with those before it."""
    rewriter = RuleRewriter()
    for dialogue in dialogues:
        history: list[Turn] = []
        for place, turn in enumerate(dialogue["turns"]):
            question = turn["question"]
            if place:
                rewritten = rewriter.rewrite(question, history) or question
                wordings = (question, rewritten, turn["standalone"])
                ranks = tuple(rank(assistant, wording, dialogue["article"]) for wording in wordings)
                group = f"{dialogue['library']}, {'Arabic' if dialogue['language'] == 'ar' else 'English'}"
                yield Asked(dialogue["id"], group, wordings, ranks)  # type: ignore[arg-type]
            history.append(Turn(question, assistant.ask(question, history=history)))
        say(f"{dialogue['id']}: {stood_alone(history[-1])}")


def rank(assistant: Assistant, question: str, article: str) -> int:
    """Return the place, from 1, of the article among those of the passages found; 0 where it is not there."""
    stages = assistant.stages
    passages = stages.rerank.invoke(stages.retrieve.invoke(Question.of(question, Filters()))).passages
    ids = list(dict.fromkeys(ranked.candidate.article.id for ranked in passages))[:DEPTH]
    return ids.index(article) + 1 if article in ids else 0


def report(found: Sequence[Asked], dialogues: int) -> None:
    """Write the table and every follow-up's wordings."""
    rows, values = [], {}
    for group in [*dict.fromkeys(item.group for item in found), "all"]:
        mine = [item for item in found if group in (item.group, "all")]
        for place, way in enumerate(WAYS):
            ranks = [item.ranks[place] for item in mine]
            first = sum(rank == 1 for rank in ranks) / len(ranks)
            five = sum(0 < rank <= 5 for rank in ranks) / len(ranks)
            reciprocal = sum(1 / rank for rank in ranks if rank) / len(ranks)
            rows.append((f"{group}, {way}", f"{len(mine)}", f"{first:.3f}", f"{five:.3f}", f"{reciprocal:.3f}"))
            values[f"{group}, {way}"] = {"first": first, "five": five, "mrr": reciprocal, "questions": len(mine)}
    untouched = sum(item.wordings[0] == item.wordings[1] for item in found)
    note = f"{_NOTE} {dialogues} dialogues with {len(found)} follow-ups, {untouched} of them untouched."
    table = Table(
        "Retrieval of the article that answers", "", ("wording", "questions", "R@1", "R@5", "MRR"), tuple(rows)
    )
    print(table.markdown())
    write(
        "followups", "Follow-up questions", note, {"table": values, "items": [asdict(item) for item in found]}, [table]
    )


if __name__ == "__main__":
    main()
