"""What is kept of passages beside their words: their vectors, and which have come and gone. Entry: `vectors`."""

__all__ = ()
