"""What the page offers to programs, as named Gradio endpoints; `ui.mcp` makes tools of them. Entry: `offer`."""

__all__ = ()
