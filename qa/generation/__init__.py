"""Everything that talks to a chat model. Entry: `ChatWriter`."""

__all__ = ()
