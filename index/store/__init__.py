"""The truth on disk: the catalog in SQLite or PostgreSQL, full text, near-duplicates, backups. Entry: `Catalog`."""

__all__ = ()
