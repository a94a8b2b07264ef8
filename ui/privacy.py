"""Keeps the libraries that Khabar is made of from reporting on their use."""

import os
import sys

_TELEMETRY_OFF = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
# Someone who downloads a model by name, or traces with LangSmith, says so; nobody else reaches the network.
_OFF_UNLESS_ASKED_FOR = {
    "HF_HUB_OFFLINE": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "TRANSFORMERS_OFFLINE": "1",
}


def switch_off_telemetry() -> None:
    """Keep the libraries from reporting on their use; call it before any of them is imported.

    `HF_HUB_OFFLINE`, `TRANSFORMERS_OFFLINE` and the LangSmith switches stay as the environment has them.
    """
    os.environ.update(_TELEMETRY_OFF)
    for name, value in _OFF_UNLESS_ASKED_FOR.items():
        os.environ.setdefault(name, value)
    # OpenVINO has no switch in the environment; without this package it falls back to its silent stub.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
