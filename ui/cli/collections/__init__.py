"""`khabar collections`: which collections there are, and what is in which. Entry: `commands.app`."""

__all__ = ()
