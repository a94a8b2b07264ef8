"""The first use on a machine, with an empty cache: what is prepared is told, and nothing else is printed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

pytestmark = pytest.mark.system

PREPARING = "khabar: preparing the bundled models, once on this machine,"


def test_the_first_use_tells_what_it_prepares_and_nothing_else(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "KHABAR_LIBRARY": str(tmp_path / "library")}

    def told(*arguments: str) -> list[str]:
        command = [sys.executable, "-m", "ui.cli", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=True)
        return done.stderr.splitlines()

    sample = str(ROOT / "samples" / "army-denies-warning.txt")
    assert told("index", sample) == [
        f"{PREPARING} 1 of 4: unpacking the weights",
        f"{PREPARING} 2 of 4: the encoder",
    ]
    assert told("ask", "who disputed the ISIS threat?") == [
        f"{PREPARING} 3 of 4: the question's side",
        f"{PREPARING} 4 of 4: the reader",
    ]
    assert told("ask", "who disputed the ISIS threat?") == []
