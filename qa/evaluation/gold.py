"""Evaluation files -> questions with their gold evidence, and what counts as having found it."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from index.analysis import Span, detect_language, sentences
from index.article import Article
from index.errors import ArticleError
from qa.errors import EvaluationError
from qa.evaluation.metrics import holds, token_overlap

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

NEAR_COPY = 0.6
SPEAKER = "speaker"
UNANSWERABLE = "unanswerable"
_WORDING = "question_"

_SQUAD_FORM = (
    'Expected SQuAD v1.1: {"data": [{"title", "paragraphs": [{"context", "qas": [{"id", "question", "answers"}]}]}]}.'
)
_EXAM_FORM = (
    "Expected one JSON object a line with id, article, type, question_en and other languages' wordings, "
    "answer and sentence (the last two and article are null when unanswerable)."
)


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question and its gold: no `answers` means that it is unanswerable.

    `article_ids` are the articles known to be right; `spans` are the gold answers' places in each of them
    (the same offsets, as articles of one question are identical); `sentence` is the gold evidence sentence,
    by which other articles are recognised as right too; `language` is that of the answers.
    """

    id: str
    text: str
    kind: str
    answers: tuple[str, ...]
    article_ids: frozenset[str]
    language: str
    spans: tuple[Span, ...] = ()
    sentence: str | None = None

    def evidence(self, article_id: str, text: str) -> tuple[Span, ...]:
        """Return where an article's text holds the gold evidence; nothing means that it is not a right article.

        With a gold sentence: wherever the text holds it; otherwise near copies of it, which are sentences that
        hold a gold answer and at least 60 % of the gold sentence's tokens. Without: the gold answers' places.
        """
        if self.sentence is None:
            return self.spans if article_id in self.article_ids else ()
        exact = tuple(Span(at, at + len(self.sentence)) for at in _places(self.sentence, text))
        if exact or not any(holds(text, answer) for answer in self.answers):
            return exact
        return tuple(span for span in sentences(text) if self.is_near_copy(text[span.start : span.end]))

    def is_near_copy(self, quote: str) -> bool:
        """Tell whether a quote holds a gold answer and at least 60 % of the gold sentence's tokens."""
        return self.sentence is not None and self.is_held(quote) and token_overlap(quote, self.sentence) >= NEAR_COPY

    def is_held(self, quote: str) -> bool:
        """Tell whether a quote holds one of the gold answers."""
        return any(holds(quote, answer) for answer in self.answers)

    def is_answered(self, quote: str, article_id: str, text: str) -> bool:
        """Tell whether a quote from an article of this text answers: it holds a gold answer in a right article."""
        if not self.is_held(quote):
            return False
        return article_id in self.article_ids or bool(self.evidence(article_id, text)) or self.is_near_copy(quote)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """One retrieved passage: `text[start:end]` of the article whose whole text is `text`."""

    article_id: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ranks:
    """The ranks, from 1, of the first right passage and, among distinct articles, the first right article."""

    passage: int | None
    article: int | None


@dataclass(frozen=True, slots=True)
class Squad:
    """The questions of a SQuAD file and its paragraphs, each as one article without a title."""

    questions: tuple[GoldQuestion, ...]
    articles: tuple[Article, ...]


def rank(question: GoldQuestion, retrieved: Sequence[Retrieved]) -> Ranks:
    """Rank the first retrieved passage that overlaps gold evidence, and the first article that has any."""
    passage: int | None = None
    article: int | None = None
    seen: dict[str, tuple[Span, ...]] = {}
    for number, hit in enumerate(retrieved, start=1):
        if hit.article_id not in seen:
            seen[hit.article_id] = question.evidence(hit.article_id, hit.text)
        evidence = seen[hit.article_id]
        if article is None and evidence:
            article = len(seen)
        if any(span.start < hit.end and hit.start < span.end for span in evidence):
            passage = number
            break
    return Ranks(passage, article)


def read_squad(questions: Path, paragraphs: Path | None = None) -> Squad:
    """Read a SQuAD v1.1 file; with `paragraphs`, its texts and answers take the place of the first file's.

    Questions meet the paragraphs by their ids; those whose id the second file does not have are left out.
    Article ids are the title, a hyphen and the number of the paragraph under that title. The title itself is
    left off the articles: cross-lingual files share one English title, which would give the article away.
    Raises `EvaluationError` for a file of another form and for files that share no question.
    """
    asked = {qa.id: qa.question for _, paragraph in _paragraphs(questions) for qa in paragraph.qas}
    source = paragraphs or questions
    articles: list[Article] = []
    twins: defaultdict[str, set[str]] = defaultdict(set)
    gold: dict[str, tuple[_SquadQuestion, Article]] = {}
    for id, paragraph in _paragraphs(source):
        article = _article(id, paragraph.context, source)
        articles.append(article)
        twins[article.text].add(id)
        gold.update((qa.id, (qa, article)) for qa in paragraph.qas)
    found = tuple(
        _squad_question(qa, asked[qa.id], article, frozenset(twins[article.text]), source)
        for qa, article in (gold[id] for id in asked if id in gold)
    )
    if not found:
        raise EvaluationError(f"{questions.name} and {source.name} share no question id. Give two files of one set.")
    return Squad(found, tuple(articles))


def read_exam(path: Path, language: str | None = None) -> tuple[GoldQuestion, ...]:
    """Read an exam: JSON Lines of questions over a library's articles, asked in `language`.

    A line may be worded in any languages, `question_CODE` each; without `language` it is asked in English, or in the
    first that it has.

    Raises `EvaluationError` that names the line and what is wrong with it, also when it has no wording in
    that language.
    """
    return tuple(_exam_question(line, language, name) for name, line in _exam_lines(path))


def read_wordings(path: Path) -> tuple[GoldQuestion, ...]:
    """Read an exam with each line once in every language that it is worded in; raises what `read_exam` raises."""
    return tuple(
        _exam_question(line, language, name) for name, line in _exam_lines(path) for language in _languages(line, name)
    )


def sample(questions: Sequence[GoldQuestion], limit: int | None) -> tuple[GoldQuestion, ...]:
    """Return at most `limit` questions, spread evenly over the file; raises `EvaluationError` below 1."""
    if limit is None or limit >= len(questions):
        return tuple(questions)
    if limit < 1:
        raise EvaluationError(f"A limit of {limit} leaves nothing to ask: give 1 or more.")
    return tuple(questions[step * len(questions) // limit] for step in range(limit))


@dataclass(frozen=True, slots=True)
class _SquadAnswer:
    text: str
    answer_start: int


@dataclass(frozen=True, slots=True)
class _SquadQuestion:
    id: str
    question: str
    answers: list[_SquadAnswer] = field(default_factory=list)
    is_impossible: bool = False


@dataclass(frozen=True, slots=True)
class _SquadParagraph:
    context: str
    qas: list[_SquadQuestion]


@dataclass(frozen=True, slots=True)
class _SquadDocument:
    paragraphs: list[_SquadParagraph]
    title: str = ""


@dataclass(frozen=True, slots=True)
class _SquadFile:
    data: list[_SquadDocument]


@dataclass(frozen=True, slots=True)
class _ExamLine:
    id: str
    article: str | None
    answer: str | None
    sentence: str | None
    type: str = ""


@cache
def _squad_schema() -> "TypeAdapter[_SquadFile]":
    from pydantic import TypeAdapter

    return TypeAdapter(_SquadFile)


@cache
def _exam_schema() -> "TypeAdapter[_ExamLine]":
    from pydantic import TypeAdapter

    return TypeAdapter(_ExamLine)


def _parse(schema: "TypeAdapter[T]", text: str, name: str, expected: str) -> T:
    from pydantic import ValidationError

    try:
        return schema.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise EvaluationError(f"{name}: {place + ': ' if place else ''}{first['msg']}. {expected}") from error


def _read(path: Path, expected: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}. {expected}") from error


def _paragraphs(path: Path) -> Iterator[tuple[str, _SquadParagraph]]:
    """Yield each paragraph with the id of its article."""
    numbers: Counter[str] = Counter()
    for document in _parse(_squad_schema(), _read(path, _SQUAD_FORM), path.name, _SQUAD_FORM).data:
        for paragraph in document.paragraphs:
            numbers[document.title] += 1
            yield f"{document.title}-{numbers[document.title]}", paragraph


def _article(id: str, context: str, source: Path) -> Article:
    try:
        return Article.create(id, context)
    except ArticleError as error:
        raise EvaluationError(f"{source.name}: {error}") from error


def _squad_question(
    qa: _SquadQuestion, text: str, article: Article, article_ids: frozenset[str], source: Path
) -> GoldQuestion:
    if not qa.answers and not qa.is_impossible:
        raise EvaluationError(f"{source.name}: question {qa.id} has no answer. {_SQUAD_FORM}")
    spans: list[Span] = []
    for answer in qa.answers:
        end = answer.answer_start + len(answer.text)
        if not answer.text.strip() or article.text[answer.answer_start : end] != answer.text:
            raise EvaluationError(
                f"{source.name}: question {qa.id}: its paragraph does not hold {answer.text!r} at character "
                f"{answer.answer_start}. Count answer_start in characters of the context."
            )
        spans.append(Span(answer.answer_start, end))
    return GoldQuestion(
        id=qa.id,
        text=text,
        kind="what" if qa.answers else UNANSWERABLE,
        answers=tuple(dict.fromkeys(answer.text for answer in qa.answers)),
        article_ids=article_ids if qa.answers else frozenset(),
        language=article.language,
        spans=tuple(spans),
    )


def _exam_question(line: str, language: str | None, name: str) -> GoldQuestion:
    record = _parse(_exam_schema(), line, name, _EXAM_FORM)
    worded = _wordings(line)
    text = worded.get(language or "en") or ("" if language else next(iter(worded.values()), ""))
    if not text:
        has = f"It is worded in {', '.join(worded)}. " if worded else ""
        raise EvaluationError(f"{name}: {record.id} has no question_{language or 'en'}. {has}{_EXAM_FORM}")
    if record.answer is None and record.sentence is None:
        return GoldQuestion(record.id, text, UNANSWERABLE, (), frozenset(), "und")
    if not record.answer or not record.article or not record.sentence:
        raise EvaluationError(f"{name}: {record.id} has some of article, answer and sentence, not all. {_EXAM_FORM}")
    return GoldQuestion(
        id=record.id,
        text=text,
        kind=record.type,
        answers=(record.answer,),
        article_ids=frozenset({record.article}),
        language=detect_language(record.sentence),
        sentence=record.sentence,
    )


def _exam_lines(path: Path) -> list[tuple[str, str]]:
    """Return an exam's lines that hold something, each after its file and number."""
    lines = enumerate(_read(path, _EXAM_FORM).splitlines(), start=1)
    found = [(f"{path.name}:{number}", line) for number, line in lines if line.strip()]
    if not found:
        raise EvaluationError(f"{path.name} holds no question. {_EXAM_FORM}")
    return found


def _languages(line: str, name: str) -> list[str | None]:
    """Return the languages that an exam's line is worded in; one None where it is in none."""
    _parse(_exam_schema(), line, name, _EXAM_FORM)
    return list(_wordings(line)) or [None]


def _wordings(line: str) -> dict[str, str]:
    """Return the question of an exam's line by the code of each language that it is worded in."""
    return {
        name.removeprefix(_WORDING): text
        for name, text in json.loads(line).items()
        if name.startswith(_WORDING) and isinstance(text, str) and text.strip()
    }


def _places(needle: str, text: str) -> Iterator[int]:
    at = text.find(needle)
    while at >= 0:
        yield at
        at = text.find(needle, at + 1)
