"""Evidence to an answer: quotes, contradictions, overviews, abstention. Entry: `extractive()`."""

__all__ = ()
