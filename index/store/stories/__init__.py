"""Which articles tell of one event. Entry: `StoryIndex`."""

from index.store.stories.placing import StoryPlacer
from index.store.stories.reading import Story, StoryEntry, StoryIndex

__all__ = ["Story", "StoryEntry", "StoryIndex", "StoryPlacer"]
