"""Models that a user names, by hub name or folder, and torch computes. Entry: `NamedModel`."""

__all__ = ()
