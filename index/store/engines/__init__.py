"""What keeps a catalog's tables: a file of SQLite's, or a PostgreSQL server. Entry: `open_database()`."""

__all__ = ()
