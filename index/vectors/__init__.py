"""The disposable nearest-neighbour index over the catalog. Entry: `DenseIndex`."""

__all__ = ()
