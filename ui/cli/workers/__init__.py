"""`khabar worker` and `khabar jobs`, and handing work out to workers instead of doing it."""

__all__ = ()
