"""Telling people that the answer to a standing question has changed: by webhook, by mail. Entry: `Teller`."""

__all__ = ()
