"""Files and streams through an indexer: each article taken, each failure noted, the rest flushed at the end."""

from collections.abc import Callable, Iterable
from typing import BinaryIO

from index.article import Article
from index.ingest.copies import Copies
from index.ingest.indexer import Indexer, SyncReport, SyncState
from index.ingest.versions import newest
from index.sources.files import Failure, FieldMapping, FileSet, Loaded, load_file, load_stream, size_of

# What stands for the file of articles that come from Python, or from the web.
API = "api"


def take_files(
    indexer: Indexer, files: FileSet, mapping: FieldMapping, progress: Callable[[SyncState], None] | None
) -> SyncReport:
    """Take the articles of all files, then withdraw what they brought earlier and no longer do."""
    sizes = [size_of(file) for file in files.files]
    total, done, copies = sum(sizes), 0, Copies()
    for count, (file, size) in enumerate(zip(files.files, sizes, strict=True)):
        path_id = file.relative_to(files.root).as_posix() if file.is_relative_to(files.root) else file.name
        for item in newest(load_file(file, files.root, mapping, is_named=files.is_named)):
            if isinstance(item, Loaded):
                item = copies.told(item, path_id)
            position = _take(indexer, item, str(file.absolute()), path_id)
            if progress:
                progress(indexer.state(file.name, count, len(sizes), (done + size * position) / total))
        done += size
    indexer.flush()
    indexer.remove_vanished()
    if progress:
        progress(indexer.state("", len(sizes), len(sizes), 1.0))
    return indexer.report()


def take_stream(
    indexer: Indexer,
    stream: BinaryIO,
    name: str,
    mapping: FieldMapping,
    progress: Callable[[SyncState], None] | None,
) -> SyncReport:
    """Take the articles of a stream; nothing is withdrawn."""
    for item in newest(load_stream(stream, mapping, name)):
        position = _take(indexer, item, name, "")
        if progress:
            progress(indexer.state(name, 0, 1, position))
    indexer.flush()
    return indexer.report()


def take_articles(
    indexer: Indexer, articles: Iterable[Article], progress: Callable[[SyncState], None] | None = None
) -> SyncReport:
    """Take articles that have ids of their own; nothing is withdrawn."""
    for article in articles:
        indexer.take(article, API, own_id=True)
        if progress:
            progress(indexer.state(API, 0, 1, 0.0))
    indexer.flush()
    return indexer.report()


def _take(indexer: Indexer, item: Loaded | Failure, file: str, path_id: str) -> float:
    if isinstance(item, Failure):
        indexer.fail(item, file)
        return 0.0
    if item.warning:
        indexer.warn(item.warning)
    own_id = not path_id or not item.article.id.startswith(path_id)
    indexer.take(item.article, file, own_id=own_id, place=item.place)
    return item.position
