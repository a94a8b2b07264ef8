"""The page's dossiers: pinning quotes to them, and what is done in their panel. Entry: `DossierPart`."""

__all__ = ()
