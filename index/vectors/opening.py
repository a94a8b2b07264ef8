"""Which index speeds up a catalog: this machine's own, in a folder, or one at a Chroma server that machines share."""

from pathlib import Path

from index.store.catalog import Catalog
from index.store.engines.leases import LeaseTable
from index.store.folder import index_folder
from index.vectors.dense import DenseIndex
from index.vectors.embedded import EmbeddedStore
from index.vectors.server import ChromaServer, ServerStore
from index.vectors.turns import LeasedTurns, OwnTurns


def open_dense(catalog: Catalog, library: str, folder: Path, server: ChromaServer | None = None) -> DenseIndex:
    """Return the index of the library with the id `library`; the server is not asked yet.

    A catalog that several machines share has an index on each, in a folder of its own, or one at the server.
    """
    if server is not None:
        turns = LeasedTurns(LeaseTable(catalog.database), f"vectors@{server.key}")
        return DenseIndex(catalog, ServerStore(server, library), turns, copy=f"@{server.key}")
    root = index_folder(folder, library) if catalog.database.is_served else folder
    own = root.name.removeprefix(f"index-{library}") if catalog.database.is_served else ""
    return DenseIndex(catalog, EmbeddedStore(root), OwnTurns(catalog.database), copy=own)
