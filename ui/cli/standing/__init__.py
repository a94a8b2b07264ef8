"""`khabar standing`, and asking standing questions again after a commit. Entry: `Checking`."""

__all__ = ()
