"""The scripts behind every figure of docs/measured.md; each is run as `python -m benchmarks.NAME`."""

__all__ = ()
