"""Web pages to articles. Entry: `parse_html()`."""

__all__ = ()
