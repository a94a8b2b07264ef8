"""Dossiers: named lists of quotes that somebody has pinned, kept beside the articles. Entry: `DossierTable`."""

__all__ = ()
