"""What several tests use."""

__all__ = ()
