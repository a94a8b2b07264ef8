"""Text to vectors. Entry: `open_encoder()`."""

__all__ = ()
