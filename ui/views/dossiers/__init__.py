"""Dossiers as files, as text for a terminal, and as the page's panel. Entry: `export_dossier()`."""

__all__ = ()
