"""`khabar names`. Entry: `commands.names`."""

__all__ = ()
