"""Exact, judge-free measuring. Entry: `evaluate_exam()`, `evaluate_squad()`."""

__all__ = ()
