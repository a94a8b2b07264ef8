"""Making a library anew with another encoder or chunking: beside the old passages, which serve until it is done."""

from collections.abc import Callable, Sequence

from index.article import Article
from index.encoding.encoder import Encoder, TextVectors
from index.ingest.chunking import Chunking, chunk
from index.ingest.indexer import Prepared, SyncReport, SyncState, prepare
from index.store.catalog import Catalog

# Articles encoded between two commits: what an interrupted run need not do again.
_BATCH = 64


def rebuild(
    catalog: Catalog, encoder: Encoder, chunking: Chunking, progress: Callable[[SyncState], None] | None
) -> SyncReport:
    """Chunk and encode every article anew, then swap the passages in one commit; only under the write lock.

    The new vectors are kept as they come, under keys that no passage uses yet, so that a run that was interrupted
    goes on where it was.
    """
    ids = catalog.article_ids()
    done = count = embedded = 0
    for start in range(0, len(ids), _BATCH):
        # Never all of them at once: a large library's texts are more than the memory need hold.
        part = ids[start : start + _BATCH]
        with catalog.snapshot():
            # Another writer may have withdrawn some.
            batch = [catalog.article(article_id) for article_id in part if catalog.current_revision(article_id)]
        prepared = [_prepare(article, encoder, chunking) for article in batch]
        vectors = _missing(catalog, encoder, prepared)
        catalog.keep_vectors(vectors)
        done, embedded = done + len(part), embedded + len(vectors)
        count += sum(len(item.passages) for item in prepared)
        if progress:
            progress(SyncState(part[-1], 0, 1, done / len(ids), done, count))
    with catalog.writing() as generation:
        catalog.clear_passages(generation)
        # Those that other writers brought meanwhile, too.
        ids = catalog.article_ids()
        for article_id in ids:
            prepared_now = _prepare(catalog.article(article_id), encoder, chunking)
            catalog.put_vectors(_missing(catalog, encoder, [prepared_now]))
            catalog.put_passages(article_id, prepared_now.passages, generation)
        catalog.placer.renew()
        catalog.prune_vectors()
        catalog.set_meta("encoder", encoder.name)
        catalog.set_meta("chunking", chunking.name)
    return SyncReport(0, len(ids), 0, 0, count, embedded, ())


def _missing(catalog: Catalog, encoder: Encoder, prepared: Sequence[Prepared]) -> dict[bytes, TextVectors]:
    """Encode what has no stored vector."""
    inputs = {p.key: text for item in prepared for p, text in zip(item.passages, item.inputs, strict=True)}
    missing = sorted(catalog.missing_vectors(list(inputs)))
    vectors = encoder.encode_passages([inputs[key] for key in missing]) if missing else []
    return dict(zip(missing, vectors, strict=True))


def _prepare(article: Article, encoder: Encoder, chunking: Chunking) -> Prepared:
    return prepare(article, chunk(article, chunking, encoder), encoder.name)
