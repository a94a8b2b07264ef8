"""Plain data of a page: filters, saved chats, uploads. No Gradio, no HTML."""

__all__ = ()
