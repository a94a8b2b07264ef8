"""Which index speeds up a catalog: this machine's own, a copy of one that a machine made for all, or a server's."""

from functools import partial
from pathlib import Path

from index.errors import LibraryError
from index.store.catalog import Catalog
from index.store.engines.leases import LeaseTable
from index.store.folder import index_folder
from index.vectors.copies import CopiedStore
from index.vectors.dense import DenseIndex
from index.vectors.embedded import EmbeddedStore
from index.vectors.server import ChromaServer, ServerStore
from index.vectors.turns import LeasedTurns, OwnTurns

# Every machine reaches the same copies, under whatever path.
_COPIES = "@copies"


def open_dense(
    catalog: Catalog, library: str, folder: Path, server: ChromaServer | None = None, copies: Path | None = None
) -> DenseIndex:
    """Return the index of the library with the id `library`; neither the server nor the copies are looked at yet.

    A catalog that several machines share has an index on each, in a folder of its own, or one at the server, or one
    that is made by one machine and copied by all. Raises `LibraryError` for what does not go together.
    """
    if copies is not None:
        if server is not None or not catalog.database.is_served:
            catalog.close()
            raise LibraryError(
                "Index copies are for a catalog in PostgreSQL, without a Chroma server. Name a catalog "
                "(KHABAR_CATALOG), and only one of KHABAR_INDEX_COPIES and KHABAR_CHROMA_URL."
            )
        store = CopiedStore(copies, folder / f"copies-{library}", library, partial(catalog.meta, "encoder"))
        return DenseIndex(catalog, store, LeasedTurns(LeaseTable(catalog.database), f"vectors{_COPIES}"), copy=_COPIES)
    if server is not None:
        turns = LeasedTurns(LeaseTable(catalog.database), f"vectors@{server.key}")
        return DenseIndex(catalog, ServerStore(server, library), turns, copy=f"@{server.key}")
    root = index_folder(folder, library) if catalog.database.is_served else folder
    own = root.name.removeprefix(f"index-{library}") if catalog.database.is_served else ""
    return DenseIndex(catalog, EmbeddedStore(root), OwnTurns(catalog.database), copy=own)
