"""Serving, sign-in, health, logs, metrics, spans. Entry: `serve()`."""

__all__ = ()
