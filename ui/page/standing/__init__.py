"""The page's standing questions: kept, listed, their changes shown, and told by a feed. Entry: `StandingPart`."""

__all__ = ()
