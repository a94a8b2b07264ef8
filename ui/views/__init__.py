"""Answers and articles to HTML, Markdown and the terminal: pure functions."""

__all__ = ()
