"""The khabar command. Entry: `main()`."""

__all__ = ()
