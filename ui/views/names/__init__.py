"""Names as lines of text. Entry: `name_row`."""

__all__ = ()
