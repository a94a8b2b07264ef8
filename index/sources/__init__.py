"""Files to articles. Entry: `load_file()`."""

__all__ = ()
