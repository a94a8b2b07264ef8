"""Questions over encyclopaedias that the reader is trained on, each with the paragraph that answers it."""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
