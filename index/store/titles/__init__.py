"""Articles by a part of their titles. Entry: `TitleIndex`."""

from index.store.titles.matching import TitleIndex

__all__ = ["TitleIndex"]
