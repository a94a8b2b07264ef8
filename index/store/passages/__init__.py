"""Passages beside their words: vectors, which have come and gone, articles by words. Entry: `PassageVectors`."""

__all__ = ()
