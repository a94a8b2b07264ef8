"""The page's stories: the list of them, one with its quotes, and the article of a quote. Entry: `StoryPart`."""

__all__ = ()
