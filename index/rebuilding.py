"""Making a library anew with another encoder or chunking: beside the old passages, which serve until it is done."""

from collections.abc import Callable

from index.article import Article
from index.catalog import Catalog
from index.chunking import Chunking, chunk
from index.encoder import Encoder
from index.indexing import Prepared, SyncReport, SyncState, prepare

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
        batch = [catalog.article(article_id) for article_id in ids[start : start + _BATCH]]
        prepared = [_prepare(article, encoder, chunking) for article in batch]
        inputs = {p.key: text for item in prepared for p, text in zip(item.passages, item.inputs, strict=True)}
        missing = sorted(catalog.missing_vectors(list(inputs)))
        vectors = encoder.encode_passages([inputs[key] for key in missing])
        catalog.keep_vectors(dict(zip(missing, vectors, strict=True)))
        done, embedded = done + len(batch), embedded + len(missing)
        count += sum(len(item.passages) for item in prepared)
        if progress:
            progress(SyncState(batch[-1].id, 0, 1, done / len(ids), done, count))
    with catalog.writing() as generation:
        catalog.clear_passages(generation)
        for article_id in ids:
            prepared_now = _prepare(catalog.article(article_id), encoder, chunking)
            catalog.put_passages(article_id, prepared_now.passages, generation)
        catalog.prune_vectors()
        catalog.set_meta("encoder", encoder.name)
        catalog.set_meta("chunking", chunking.name)
    return SyncReport(0, len(ids), 0, 0, count, embedded, ())


def _prepare(article: Article, encoder: Encoder, chunking: Chunking) -> Prepared:
    return prepare(article, chunk(article, chunking, encoder), encoder.name)
