"""What the reader is trained on: questions paired with passages that answer them, and with some that do not."""

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.analysis import sentences

# How a pair comes about: its passage answers, has lost the sentence that answers, or is another of its article.
_ANSWERS, _CUT_OUT, _OTHER = 0.62, 0.22, 0.16
_TITLED = 0.5
# A window's length in characters, by script: about 40 to 170 of the model's tokens.
_SHORTEST, _LONGEST = 160, 700
_DENSE_SCRIPT = 0.45
_DENSE = {"ja", "zh", "th"}

XQUAD_LANGUAGES = ("ar", "de", "el", "en", "es", "hi", "ro", "ru", "th", "tr", "vi", "zh")
# The languages that Khabar is for come first, and English questions on Arabic passages before all.
_ASKED = {"en": 8.0, "ar": 4.0}
_READ = {"en": 3.0, "ar": 10.0}


@dataclass(frozen=True, slots=True)
class Record:
    """One question with its answer at `context[start:end]`; `group` is the article it comes from."""

    group: str
    language: str
    title: str
    context: str
    question: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage: `passage[start:end]` answers, or nothing does and both are -1."""

    question: str
    title: str
    passage: str
    start: int
    end: int

    @property
    def answered(self) -> bool:
        """Tell whether the passage answers."""
        return self.start >= 0


class Pairs:
    """Draws pairs from records; the same seed gives the same pairs."""

    def __init__(self, records: Sequence[Record], seed: int) -> None:
        self._random = random.Random(seed)
        self._contexts: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for record in records:
            known = self._contexts[record.group, record.language]
            if record.context not in known:
                known.append(record.context)

    def draw(self, record: Record) -> Pair:
        """Make one pair of a record, of a kind drawn by chance."""
        chance = self._random.random()
        if chance > _ANSWERS:
            found = self._cut_out(record) if chance < _ANSWERS + _CUT_OUT else self._other(record)
            if found is not None:
                return found
        return self._answering(record)

    def _answering(self, record: Record) -> Pair:
        start, end = self._window(record.context, record.language, record.start, record.end)
        return self._pair(record, record.context[start:end], record.start - start, record.end - start)

    def _cut_out(self, record: Record) -> Pair | None:
        """Leave out every sentence that holds the answer: the right subject, and the fact not given."""
        answer = record.context[record.start : record.end]
        left = [
            record.context[span.start : span.end]
            for span in sentences(record.context)
            if answer not in record.context[span.start : span.end]
            and not (span.start < record.end and record.start < span.end)
        ]
        text = " ".join(left)
        if len(left) < 2 or answer in text:
            return None
        start, end = self._window(text, record.language, 0, 1)
        return self._pair(record, text[start:end], -1, -1)

    def _other(self, record: Record) -> Pair | None:
        answer = record.context[record.start : record.end]
        others = [text for text in self._contexts[record.group, record.language] if answer not in text]
        if not others:
            return None
        text = self._random.choice(others)
        place = self._random.randrange(len(text))
        start, end = self._window(text, record.language, place, place + 1)
        return self._pair(record, text[start:end], -1, -1)

    def _pair(self, record: Record, passage: str, start: int, end: int) -> Pair:
        title = record.title if self._random.random() < _TITLED else ""
        return Pair(record.question, title, passage, start, end)

    def _window(self, text: str, language: str, start: int, end: int) -> tuple[int, int]:
        """Choose whole sentences around a place, more of them on either side by chance."""
        room = self._random.uniform(_SHORTEST, _LONGEST) * (_DENSE_SCRIPT if language in _DENSE else 1.0)
        spans = sentences(text)
        held = [place for place, span in enumerate(spans) if span.start < end and start < span.end] or [0]
        first, last = held[0], held[-1]
        while True:
            sides = [side for side in (first - 1, last + 1) if 0 <= side < len(spans)]
            self._random.shuffle(sides)
            grown = next(
                (
                    s
                    for s in sides
                    if max(spans[last].end, spans[s].end) - min(spans[first].start, spans[s].start) < room
                ),
                None,
            )
            if grown is None:
                return min(spans[first].start, start), max(spans[last].end, end)
            first, last = min(first, grown), max(last, grown)


def read_jsonl(path: Path) -> list[Record]:
    """Read one of the training files; a record whose answer is not where it says is left out."""
    records: list[Record] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            start, answer = item["answer_start"], item["answer"].rstrip(" .،,;؛:")
            if answer and item["context"].startswith(answer, start):
                # ARCD's questions carry dashes and stray letters from the form they were typed in.
                question = item["question"].strip(" -\t\n").removesuffix("ال").strip()
                name = f"{path.name}:{item['title']}"
                records.append(
                    Record(name, item["language"], item["title"], item["context"], question, start, start + len(answer))
                )
    return records


def xquad(folder: Path, seed: int, rounds: int, articles: frozenset[str] | None = None) -> Iterator[Record]:
    """Yield XQuAD's questions, each `rounds` times in some language over its paragraph in some language.

    `articles`, where given, are the only ones drawn from (by title).
    """
    chance = random.Random(seed)
    data = {language: dict(_squad(folder / f"xquad.{language}.dev.json")) for language in XQUAD_LANGUAGES}
    names = [name for name, record in data["en"].items() if articles is None or record.group in articles]
    asked = [_ASKED.get(language, 1.0) for language in XQUAD_LANGUAGES]
    read = [_READ.get(language, 1.0) for language in XQUAD_LANGUAGES]
    for _ in range(rounds):
        chance.shuffle(names)
        for name in names:
            question = data[chance.choices(XQUAD_LANGUAGES, asked)[0]][name].question
            record = data[chance.choices(XQUAD_LANGUAGES, read)[0]][name]
            yield Record(
                record.group, record.language, record.title, record.context, question, record.start, record.end
            )


def xquad_articles(folder: Path) -> list[str]:
    """Return the titles of XQuAD's articles, in the file's order."""
    return list(dict.fromkeys(record.group for _, record in _squad(folder / "xquad.en.dev.json")))


def read_squad_file(path: Path) -> list[Record]:
    """Read a file in SQuAD's format; questions without an answer, or whose answer is not where it says, are left out.

    Its language is not known, and counts as one of an alphabet.
    """
    found = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        title = str(article.get("title") or "")
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                answer = next(iter(qa.get("answers") or ()), None)
                if answer is None or not answer["text"]:
                    continue
                start, end = answer["answer_start"], answer["answer_start"] + len(answer["text"])
                if paragraph["context"][start:end] == answer["text"]:
                    name = title.replace("_", " ")
                    record = Record(
                        f"{path.name}:{title}", "und", name, paragraph["context"], qa["question"], start, end
                    )
                    found.append(record)
    return found


def _squad(path: Path) -> Iterator[tuple[str, Record]]:
    language = path.name.split(".")[1]
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                answer = qa["answers"][0]
                start, end = answer["answer_start"], answer["answer_start"] + len(answer["text"])
                title = article["title"]
                yield (
                    qa["id"],
                    Record(title, language, title.replace("_", " "), paragraph["context"], qa["question"], start, end),
                )
