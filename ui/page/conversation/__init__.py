"""One page's questions and answers: under way, kept by the browser, shared. Entry: `ChatSession`."""

__all__ = ()
