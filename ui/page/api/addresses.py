"""The endpoints about web addresses: taking one in, following it, and what is followed."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

if TYPE_CHECKING:
    from index import SyncReport
    from index.web import Web

# Pages of a feed or sitemap that one call fetches: whoever called waits for them.
_MOST_PAGES = 30
_Followed = Annotated[str, Field(description="The address, as `feeds` names it.")]


class WebEndpoints:
    """The functions; everything goes in and comes out as JSON."""

    def __init__(self, web: "Web") -> None:
        self._web = web

    def add_address(
        self, address: Annotated[str, Field(description="The address, beginning with https:// or http://.")]
    ) -> dict[str, Any]:
        """Add what is at a web address to the library: a news page, or the pages that a feed or a sitemap names."""
        return _told(self._web.index(address, most=_MOST_PAGES))

    def follow(
        self,
        address: Annotated[str, Field(description="The address of a feed, a sitemap or a page.")],
        minutes: Annotated[float, Field(description="How often it is looked at.")] = 10,
    ) -> dict[str, Any]:
        """Add what is at a web address, and look there again and again for what is new."""
        return _told(self._web.begin(address, minutes * 60))

    def pause(
        self,
        address: _Followed,
        paused: Annotated[bool, Field(description="Whether it is to be left alone from now on.")] = True,
    ) -> dict[str, Any]:
        """Look at a followed web address no longer, or again."""
        (self._web.pause if paused else self._web.resume)(address)
        return {"address": address, "paused": paused}

    def unfollow(self, address: _Followed) -> dict[str, Any]:
        """Follow a web address no more; its articles stay."""
        self._web.unfollow(address)
        return {"unfollowed": address}

    def feeds(self) -> list[dict[str, Any]]:
        """List the web addresses that are followed, how often, when they were looked at, and what failed."""
        return [
            {
                "address": feed.address,
                "minutes": feed.period / 60,
                "paused": feed.paused,
                "checked": feed.checked.isoformat() if feed.checked else None,
                "problem": feed.problem,
            }
            for feed in self._web.feeds()
        ]


def _told(report: "SyncReport") -> dict[str, Any]:
    reasons = [*report.failures, *report.warnings, *report.skipped]
    return {
        "added": report.added,
        "replaced": report.replaced,
        "unchanged": report.unchanged,
        "reasons": [{"address": failure.name, "reason": failure.reason} for failure in reasons],
    }
