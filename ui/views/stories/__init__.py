"""Stories as HTML and as lines for a terminal. Entries: `stories_html`, `story_html`, `story_terminal`."""

__all__ = ()
