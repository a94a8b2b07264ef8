"""What somebody whom articles name has said, over time, and names by the page. Entry: `said_by(library, name)`."""

from qa.names.lists import MentionList, NameList, NamePart, QuoteList, mention_list, name_list, quote_list
from qa.names.quotes import NamedQuote, said_by

__all__ = [
    "MentionList", "NameList", "NamePart", "NamedQuote", "QuoteList", "mention_list", "name_list", "quote_list",
    "said_by",
]  # fmt: skip
