"""Coming in to the page: the form, whoever fails too often, and the sessions of those who are in. Entry: `Entry`."""

__all__ = ()
