"""Who said a sentence. Entry: `attribute()`."""

__all__ = ()
