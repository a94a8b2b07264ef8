"""Passages for a question. Entry: `LibraryRetriever`."""

__all__ = ()
