"""The kinds of files that are read, a family a file. Entry: `format_of()`."""

__all__ = ()
