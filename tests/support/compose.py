"""The compose file as Compose reads it: anchors followed, variables put in; and what a Dockerfile says."""

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from tests.support.paths import ROOT

DEPLOY = ROOT / "deploy"
# https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md, as far as the file uses it.
_VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+)(?::([-?])([^}]*))?\})")


def compose(given: Mapping[str, str]) -> dict[str, Any]:
    """Read the compose file with these variables given; raises `LookupError` for one that must be and is not."""

    def value(match: re.Match[str]) -> str:
        escaped, name, operator, rest = match.groups()
        if escaped:
            return "$"
        if found := given.get(name):
            return found
        if operator != "-":
            raise LookupError(f"{name}: {rest}")
        return str(rest)

    def filled(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: filled(child) for key, child in node.items()}
        if isinstance(node, list):
            return [filled(child) for child in node]
        return _VARIABLE.sub(value, node) if isinstance(node, str) else node

    read: dict[str, Any] = filled(yaml.safe_load(text()))
    return read


def text() -> str:
    """Return the compose file as it stands."""
    return (DEPLOY / "compose.yaml").read_text(encoding="utf-8")


def variables() -> set[str]:
    """Return the variables that the file asks for."""
    return {name for _, name, _, _ in _VARIABLE.findall(text()) if name}


def dockerfile() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions in order, each with what follows on its lines."""
    lines = [line for line in (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    pairs = [line.partition(" ") for line in joined.splitlines() if line]
    return [(word, rest) for word, _, rest in pairs]


def health_check() -> list[str]:
    """Return the command by which the image asks a page whether it is well."""
    (check,) = [rest for word, rest in dockerfile() if word == "HEALTHCHECK"]
    command: list[str] = json.loads(check.partition(" CMD ")[2])
    return command
