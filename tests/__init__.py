"""Tests, in the rooms of what they test."""

__all__ = ()
