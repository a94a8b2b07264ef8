"""The parsers under coverage-guided fuzzing (atheris): no input brings one down. `make soak` runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

RUNS = 20_000


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "target", [".txt", ".md", ".html", ".json", ".jsonl", ".xml", ".jsonl.gz", ".eml", ".csv", ".rtf", ".nitf", "query"]
)
def test_no_input_brings_a_parser_down(target: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.support.fuzz_worker", target, str(RUNS)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-4000:]
