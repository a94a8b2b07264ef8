"""`khabar stories`. Entry: `commands.stories`."""

__all__ = ()
