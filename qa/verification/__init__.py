"""A written sentence to its verdict. Entry: `CitedDraft`."""

__all__ = ()
