"""Web addresses to articles: fetched by one guarded client, at the user's word alone. Entry: `Web`."""

from index.web.web import Web

__all__ = ["Web"]
