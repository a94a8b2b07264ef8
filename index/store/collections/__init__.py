"""Collections of articles: which there are, what is in which, and what sources bring to. Entry: `CollectionTable`."""

__all__ = ()
