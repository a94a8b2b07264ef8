"""Standing questions, how their answers changed, and who is to be told, in the catalog. Entry: `StandingTable`."""

__all__ = ()
