"""Articles to passages to rows. Entry: `Indexer`."""

__all__ = ()
