"""From articles to catalog rows: compare, chunk, encode what is new, commit in batches."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from index.article import Article, Passage
from index.catalog import Catalog
from index.chunking import Chunking, chunk, context_of
from index.encoder import Encoder
from index.loaders import Failure
from index.records import Known, NewArticle, NewPassage
from index.text import name_keys, terms

# A commit comes after about this many new passages: often enough to lose little work when interrupted.
_BATCH_PASSAGES = 256


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a run did: articles by outcome, their passages, those really encoded, what failed, what was left out.

    `warnings` are of articles that were taken without something they state, such as a date that cannot be read.
    """

    added: int
    replaced: int
    unchanged: int
    removed: int
    passages: int
    embedded: int
    failures: tuple[Failure, ...]
    warnings: tuple[Failure, ...] = ()

    @property
    def ok(self) -> bool:
        """True when nothing failed."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class SyncState:
    """How far a run is: `fraction` of the input, 0 to 1, and what it has counted so far."""

    file: str
    files_done: int
    files_total: int
    fraction: float
    articles: int
    passages: int


@dataclass(slots=True)
class _Tally:
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0
    passages: int = 0
    embedded: int = 0
    failures: list[Failure] = field(default_factory=list)
    warnings: list[Failure] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Pending:
    new: NewArticle
    inputs: tuple[str, ...]


class Indexer:
    """One run over articles of one origin; the caller holds the library's write lock."""

    def __init__(self, catalog: Catalog, encoder: Encoder, chunking: Chunking, origin: str) -> None:
        self._catalog = catalog
        self._encoder = encoder
        self._chunking = chunking
        self._origin = origin
        self._tally = _Tally()
        self._pending: list[_Pending] = []
        self._waiting = 0
        self._claims: list[tuple[str, str]] = []
        self._seen: dict[str, str] = {}
        self._failed_files: set[str] = set()
        self.on_commit: Callable[[], None] = lambda: None

    @property
    def articles(self) -> int:
        """Articles taken so far."""
        return len(self._seen)

    @property
    def passages(self) -> int:
        """Passages stored so far."""
        return self._tally.passages

    def fail(self, failure: Failure, file: str) -> None:
        """Note what could not be read; nothing that `file` brought earlier will be removed for it."""
        self._tally.failures.append(failure)
        self._failed_files.add(file)

    def warn(self, warning: Failure) -> None:
        """Note what of an article could not be read; the article is taken all the same."""
        self._tally.warnings.append(warning)

    def take(self, article: Article, file: str, *, own_id: bool) -> None:
        """Take one article: skip it when unchanged, else queue it and commit when a batch is full.

        `own_id` is False for an id that is only a path, which two folders may share by accident.
        """
        content_hash = article.content_hash
        if article.id in self._seen:
            if self._seen[article.id] != content_hash:
                self.fail(Failure(file, f"Article id {article.id!r} occurs twice; the first was kept."), file)
            return
        known = self._catalog.known(article.id)
        if known and known.content_hash != content_hash and not own_id:
            other = _other_file(known, file)
            if other:
                reason = f"Its id {article.id!r} belongs to {other}. Give one of them an id of its own, or rename it."
                self.fail(Failure(file, reason), file)
                return
        self._seen[article.id] = content_hash
        if known and known.content_hash == content_hash:
            self._tally.unchanged += 1
            if known.origins.get(self._origin) != file:
                self._claims.append((article.id, file))
            return
        if known:
            self._tally.replaced += 1
        else:
            self._tally.added += 1
        self._queue(article, file)

    def remove_vanished(self) -> None:
        """Withdraw what this origin brought earlier and no longer does."""
        gone = [
            article_id
            for article_id, file in self._catalog.members(self._origin).items()
            if article_id not in self._seen and file not in self._failed_files
        ]
        if gone:
            with self._catalog.writing() as generation:
                for article_id in gone:
                    self._tally.removed += self._catalog.release(article_id, self._origin, generation)

    def flush(self) -> None:
        """Encode and commit what is queued."""
        if not self._pending and not self._claims:
            return
        inputs = {
            passage.key: text
            for item in self._pending
            for passage, text in zip(item.new.passages, item.inputs, strict=True)
        }
        missing = sorted(self._catalog.missing_vectors(list(inputs)))
        encoded = self._encoder.encode_passages([inputs[key] for key in missing])
        with self._catalog.writing() as generation:
            self._catalog.put_vectors(dict(zip(missing, encoded, strict=True)))
            replaced = [self._catalog.put(item.new, self._origin, generation) for item in self._pending]
            self._catalog.prune_vectors(list(chain.from_iterable(replaced)))
            for article_id, file in self._claims:
                self._catalog.claim(article_id, self._origin, file)
        self._tally.passages += self._waiting
        self._tally.embedded += len(missing)
        self._pending, self._claims, self._waiting = [], [], 0
        self.on_commit()

    def report(self) -> SyncReport:
        """Sum up the run."""
        tally = self._tally
        return SyncReport(
            tally.added,
            tally.replaced,
            tally.unchanged,
            tally.removed,
            tally.passages,
            tally.embedded,
            tuple(tally.failures),
            tuple(tally.warnings),
        )

    def _queue(self, article: Article, file: str) -> None:
        prepared = prepare(article, chunk(article, self._chunking, self._encoder), self._encoder.name)
        self._pending.append(_Pending(NewArticle(article, file, prepared.passages), prepared.inputs))
        self._waiting += len(prepared.passages)
        if self._waiting >= _BATCH_PASSAGES:
            self.flush()


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article's passages with the texts the encoder reads for them, in the same order."""

    passages: tuple[NewPassage, ...]
    inputs: tuple[str, ...]


def prepare(article: Article, passages: Iterable[Passage], encoder_name: str) -> Prepared:
    """Give passages their lexical terms and the key of their vector: a hash of the encoder and what it reads."""
    inputs: list[str] = []
    rows: list[NewPassage] = []
    context = context_of(article)
    title_terms, title_names = terms(article.title), name_keys(article.title)
    for passage in passages:
        text = passage.slice(article.text)
        read = encoder_input(context, text)
        key = hashlib.sha256(f"{encoder_name}\0{read}".encode()).digest()[:16]
        words = " ".join(terms(text) + title_terms)
        rows.append(NewPassage(passage.start, passage.end, key, words, " ".join(name_keys(text) + title_names)))
        inputs.append(read)
    return Prepared(tuple(rows), tuple(inputs))


def encoder_input(context: str, text: str) -> str:
    """Join a passage with its context (title and date) into what the encoder reads."""
    return f"{context}\n{text}" if context else text


def _other_file(known: Known, file: str) -> str | None:
    if file in known.origins.values():
        return None
    return next((other for other in known.origins.values() if Path(other).exists()), None)
