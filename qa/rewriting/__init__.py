"""Follow-ups made to stand alone. Entry: `Rewriter`."""

__all__ = ()
