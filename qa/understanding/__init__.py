"""What a question is before anything is searched: its kind, its time, its outlet. Entry: `Understanding`."""

__all__ = ()
