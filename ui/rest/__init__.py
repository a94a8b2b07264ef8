"""The REST API for programs, beside the page. Entry: `add_rest()`."""

__all__ = ()
