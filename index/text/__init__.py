"""Text as characters: normalisation that keeps offsets, scripts, token counts. Knows no language."""

__all__ = ()
