"""The ways in for people: the terminal and the browser; the only package that prints or reads the environment."""

from typing import TYPE_CHECKING

from ui.privacy import switch_off_telemetry

if TYPE_CHECKING:
    from ui.settings import Settings

__all__ = ["Settings", "switch_off_telemetry"]


def __getattr__(name: str) -> object:
    # pydantic takes a quarter of a second to import: `khabar --help` does without.
    if name == "Settings":
        from ui.settings import Settings

        return Settings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
