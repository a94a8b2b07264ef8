"""Which articles tell of one event. Entries: `StoryPlacer`, when articles come and go, and `StoryIndex`, to read."""

from index.store.stories.placing import StoryPlacer
from index.store.stories.reading import Story, StoryEntry, StoryIndex

__all__ = ["Story", "StoryEntry", "StoryIndex", "StoryPlacer"]
