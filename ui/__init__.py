"""The ways in for people: the terminal and the browser; the only package that prints or reads the environment."""

from ui.settings import Settings, switch_off_telemetry

__all__ = ["Settings", "switch_off_telemetry"]
