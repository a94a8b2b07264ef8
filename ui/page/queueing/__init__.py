"""How many questions are answered and may wait, and whose is next. Entry: `FairQueue`."""

__all__ = ()
