"""Many questions at once as HTML: what is given, how far it is, and the table or grid. Entry: `work_html`."""

__all__ = ()
