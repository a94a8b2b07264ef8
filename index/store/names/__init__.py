"""The people, bodies and places that a library's articles name. Entry: `NameIndex`."""

from index.store.names.entries import ArticleName, NamedPassage, NameEntry
from index.store.names.reading import NameIndex
from index.store.names.table import MentionTable

__all__ = ["ArticleName", "MentionTable", "NameEntry", "NameIndex", "NamedPassage"]
