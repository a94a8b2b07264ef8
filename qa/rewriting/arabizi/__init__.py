"""Arabic that is typed in Latin letters, told and written in Arabic ones. Entry: `ArabiziReader`."""

__all__ = ()
