"""Fitting the order of sentences and the confidence on an exam. Entry: `tune()`."""

__all__ = ()
