"""Stories as HTML and as lines for a terminal. Entry: `story_html`, `story_terminal`."""

__all__ = ()
