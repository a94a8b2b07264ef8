"""The page's many questions at once: a file or lines of them, to a table or a grid. Entry: `BatchPart`."""

__all__ = ()
