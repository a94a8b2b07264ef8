"""PDFs to articles. Entry: `read_pdf()`."""

__all__ = ()
