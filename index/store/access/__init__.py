"""Who may do what: roles, and who may call a server of the library from a program. Entry: `TokenTable`."""

__all__ = ()
