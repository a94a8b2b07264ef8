"""Changes of the answers to standing questions as text and as an Atom feed. Entry: `change_text()`, `atom_feed()`."""

__all__ = ()
