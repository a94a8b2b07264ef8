"""From articles to catalog rows: compare, chunk, encode what is new, commit in batches."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from pathlib import Path

from index.article import Article, Passage
from index.encoding.encoder import Encoder, TextVectors
from index.ingest.chunking import Chunking, chunk, context_of
from index.ingest.placing import Placing
from index.ingest.versions import day_of, is_older, older_version
from index.sources.files import Failure
from index.store.catalog import Catalog
from index.store.fulltext import words_of
from index.store.queue import HandedTable
from index.store.rows import KnownArticle, NewArticle, NewPassage

# A commit comes after about this many new passages: often enough to lose little work when interrupted.
_BATCH_PASSAGES = 256


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a run did: articles by outcome, their passages, those really encoded, what failed, what was left out.

    `warnings` are of articles that were taken without something they state, such as a date that cannot be read, or
    whose letters were put right; `skipped` are the files of a folder that are of kinds that are not read.
    """

    added: int
    replaced: int
    unchanged: int
    removed: int
    passages: int
    embedded: int
    failures: tuple[Failure, ...]
    warnings: tuple[Failure, ...] = ()
    skipped: tuple[Failure, ...] = ()

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
    skipped: list[Failure] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Seen:
    content_hash: str
    day: date | None
    file: str


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """An article that is to be written, and the texts the encoder reads for its passages."""

    new: NewArticle
    inputs: tuple[str, ...]

    @property
    def keys(self) -> tuple[bytes, ...]:
        """The keys of its passages' vectors."""
        return tuple(passage.key for passage in self.new.passages)


class Indexer:
    """One run over articles of one origin; the caller holds the library's write lock."""

    def __init__(
        self, catalog: Catalog, encoder: Encoder, chunking: Chunking, origin: str, placing: Placing | None = None
    ) -> None:
        self._catalog = catalog
        self._encoder = encoder
        self._chunking = chunking
        self._origin = origin
        self._placing = placing or Placing()
        self._tally = _Tally()
        self._pending: list[PreparedArticle] = []
        self._waiting = 0
        self._claims: list[tuple[str, str]] = []
        self._moves: dict[str, tuple[str, ...]] = {}
        self._seen: dict[str, _Seen] = {}
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

    def state(self, file: str, done: int, total: int, fraction: float) -> SyncState:
        """Return how far the run is, at a `file`, after `done` of `total` files."""
        return SyncState(file, done, total, fraction, self.articles, self.passages)

    def fail(self, failure: Failure, file: str) -> None:
        """Note what could not be read; nothing that `file` brought earlier will be removed for it."""
        if failure.skipped:
            self._tally.skipped.append(failure)
        else:
            self._tally.failures.append(failure)
            self._failed_files.add(file)

    def warn(self, warning: Failure) -> None:
        """Note what of an article could not be read; the article is taken all the same."""
        self._tally.warnings.append(warning)

    def take(self, article: Article, file: str, *, own_id: bool, place: str = "") -> None:
        """Take one article: skip it when unchanged, else queue it and commit when a batch is full.

        `own_id` is False for an id that is only a path, which two folders may share by accident; `place` names where
        in its file it stands. Of versions in several files the one of the latest day is kept, without days the first.
        """
        content_hash = article.content_hash
        known = self._catalog.known(article.id)
        own = self._catalog.collections.of(article.id)
        if refusal := self._placing.refusal(own, is_here=known is not None):
            # Before anything is told of what is here under this id.
            self.fail(Failure(place or file, refusal), file)
            return
        kept = self._kept(article, content_hash, known, file, own_id=own_id)
        if kept is not None:
            if kept.reason:
                self.fail(replace(kept, name=place or file), file)
            return
        self._seen[article.id] = _Seen(content_hash, day_of(article), file)
        if known and known.content_hash == content_hash:
            self._tally.unchanged += 1
            if known.origins.get(self._origin) != file:
                self._claims.append((article.id, file))
            if self._placing.named is not None and own != frozenset(self._placing.named):
                self._moves[article.id] = self._placing.named
            return
        if known:
            self._tally.replaced += 1
        else:
            self._tally.added += 1
        self._queue(article, file)

    def _kept(
        self, article: Article, content_hash: str, known: KnownArticle | None, file: str, *, own_id: bool
    ) -> Failure | None:
        """Say why another article is kept under this one's id, without a reason where it is the same; None else."""
        if (seen := self._seen.get(article.id)) is not None:
            if seen.content_hash == content_hash:
                return Failure("", "")
            day = day_of(article)
            if seen.day is None or day is None or day == seen.day:
                reason = f"Article id {article.id!r} occurs twice; the first was kept. Give one of them another id."
                return Failure("", reason)
            return older_version("", article.id, seen.file) if day < seen.day else None
        other = _other_file(known, file) if known and known.content_hash != content_hash else None
        if other is None:
            return None
        # Within one source an id that is only a path is another file's where that one is a newer copy of the same page.
        if not own_id and other != (known.origins.get(self._origin) if known else None):
            reason = f"Its id {article.id!r} belongs to {other}. Give one of them an id of its own, or rename it."
            return Failure("", reason)
        return older_version("", article.id, other) if is_older(article, self._catalog.article(article.id)) else None

    def remove_vanished(self) -> None:
        """Withdraw what this origin brought earlier and no longer does."""
        gone = [
            article_id
            for article_id, file in self._catalog.members(self._origin).items()
            if article_id not in self._seen and file not in self._failed_files and self._may_still(article_id)
        ]
        if gone:
            with self._catalog.writing() as generation:
                for article_id in gone:
                    self._tally.removed += self._catalog.release(article_id, self._origin, generation)
                HandedTable(self._catalog.database).forget(gone)

    def flush(self) -> None:
        """Encode and commit what is queued."""
        if not self._pending and not self._claims and not self._moves:
            return
        claims, moves = self._claims, self._moves

        def claim(generation: int, _: int) -> list[PreparedArticle]:
            for article_id, collections in moves.items():
                if self._may_still(article_id) and self._catalog.current_revision(article_id) is not None:
                    self._catalog.assign(article_id, collections, generation)
            for article_id, file in claims:
                # What another writer has withdrawn meanwhile is brought again by the next run.
                if self._catalog.current_revision(article_id) is not None:
                    self._catalog.claim(article_id, self._origin, file)
            return [item for item in self._pending if self._may_still(item.new.article.id)]

        self._tally.embedded += write(self._catalog, self._encoder, self._pending, self._origin, claim)
        self._tally.passages += self._waiting
        self._pending, self._claims, self._moves, self._waiting = [], [], {}, 0
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
            tuple(tally.skipped),
        )

    def _may_still(self, article_id: str) -> bool:
        """Tell whether an article may be brought in still: another may have come under its id meanwhile."""
        if self._placing.scope is None:
            return True
        is_here = self._catalog.current_revision(article_id) is not None
        return not self._placing.refusal(self._catalog.collections.of(article_id), is_here=is_here)

    def _queue(self, article: Article, file: str) -> None:
        own, is_here = self._catalog.collections.of(article.id), self._catalog.current_revision(article.id) is not None
        collections = self._placing.collections(own, is_here=is_here)
        prepared = prepared_article(article, file, self._encoder, self._chunking, collections)
        self._pending.append(prepared)
        self._waiting += len(prepared.inputs)
        if self._waiting >= _BATCH_PASSAGES:
            self.flush()


def write(
    catalog: Catalog,
    encoder: Encoder,
    batch: Sequence[PreparedArticle],
    origin: str,
    settle: Callable[[int, int], Sequence[PreparedArticle]],
) -> int:
    """Encode a batch, then commit it; returns how many passages were encoded.

    `settle` is called in the commit, with its generation and what was encoded, and returns which articles are still to
    be written.
    """
    inputs = {key: text for item in batch for key, text in zip(item.keys, item.inputs, strict=True)}
    vectors = _encoded(encoder, inputs, catalog.missing_vectors(list(inputs)))
    with catalog.writing() as generation:
        catalog.check_encoder(encoder.name)
        kept = settle(generation, len(vectors))
        keys = dict.fromkeys(key for item in kept for key in item.keys)
        # Another writer may have let go of what was there before the commit began.
        if lost := catalog.missing_vectors(list(keys)) - vectors.keys():
            vectors |= _encoded(encoder, inputs, lost)
        catalog.put_vectors({key: vector for key, vector in vectors.items() if key in keys})
        replaced = [catalog.put(item.new, origin, generation) for item in kept]
        catalog.prune_vectors(list(chain.from_iterable(replaced)))
        HandedTable(catalog.database).forget([item.new.article.id for item in kept])
    return len(vectors)


def _encoded(encoder: Encoder, inputs: Mapping[bytes, str], keys: Collection[bytes]) -> dict[bytes, TextVectors]:
    ordered = sorted(keys)
    if not ordered:
        return {}
    return dict(zip(ordered, encoder.encode_passages([inputs[key] for key in ordered]), strict=True))


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
    for passage in passages:
        text = passage.slice(article.text)
        read = encoder_input(context, text)
        key = hashlib.sha256(f"{encoder_name}\0{read}".encode()).digest()[:16]
        language = article.language_of(passage.start)
        words = words_of(text, article.title, language)
        own = language if language != article.language else None
        rows.append(NewPassage(passage.start, passage.end, key, words.terms, words.names, own))
        inputs.append(read)
    return Prepared(tuple(rows), tuple(inputs))


def prepared_article(
    article: Article, file: str, encoder: Encoder, chunking: Chunking, collections: tuple[str, ...] | None = None
) -> PreparedArticle:
    """Cut an article that `file` brought into passages, ready to be encoded and written to some collections."""
    prepared = prepare(article, chunk(article, chunking, encoder), encoder.name)
    return PreparedArticle(NewArticle(article, file, prepared.passages, collections), prepared.inputs)


def encoder_input(context: str, text: str) -> str:
    """Join a passage with its context (title and date) into what the encoder reads."""
    return f"{context}\n{text}" if context else text


def _other_file(known: KnownArticle, file: str) -> str | None:
    if file in known.origins.values():
        return None
    return next((other for other in known.origins.values() if Path(other).exists()), None)
