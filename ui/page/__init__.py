"""The Gradio page, its queue and its endpoints. Entry: `create_app()`. The only importer of Gradio."""

__all__ = ()
