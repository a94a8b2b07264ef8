"""What is kept of passages beside their words: their vectors, and which have come and gone. Entry: `PassageVectors`."""

__all__ = ()
