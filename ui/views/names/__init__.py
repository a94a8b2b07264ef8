"""Names as lines of text. Entry: `lines`."""

__all__ = ()
