"""The command, run in this process or in one of its own, and a library of the samples for it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import Assistant
from tests.support.command import Done, Run
from ui.cli.main import run
from ui.settings import PREFIX


@pytest.fixture(scope="session", autouse=True)
def bare_environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for key in list(os.environ):
            if key.startswith(PREFIX):
                patch.delenv(key)
        yield


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory, indexed: Path, samples: Assistant) -> Path:
    """A library of the samples; for reading only."""
    # The commands that run in this process share the models that are loaded here.
    samples.ask("Khabar?")
    return shutil.copytree(indexed, tmp_path_factory.mktemp("shelf") / "library")


@pytest.fixture
def khabar(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process."""

    def call(*arguments: str | Path) -> Done:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        return Done(status, *capsys.readouterr())

    return call
