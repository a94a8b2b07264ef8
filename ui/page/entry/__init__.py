"""Coming in to the page: the form, whoever fails too often, sessions of those who are in. Entry: `PageEntry`."""

__all__ = ()
