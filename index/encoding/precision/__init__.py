"""What the bundled models compute in. Entry: `chosen()`."""

__all__ = ()
