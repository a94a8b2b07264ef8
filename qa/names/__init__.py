"""What somebody whom articles name has said, over time. Entry: `said_by(library, name)`."""

from qa.names.quotes import NamedQuote, said_by

__all__ = ["NamedQuote", "said_by"]
