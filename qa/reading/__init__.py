"""The sentence and the words that answer, and how sure that is. Entry: `SentenceReader`."""

__all__ = ()
