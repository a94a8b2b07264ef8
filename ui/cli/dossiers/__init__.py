"""`khabar dossier`: quotes pinned, put in order, annotated and exported."""

__all__ = ()
