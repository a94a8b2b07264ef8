"""A folder of news, and small jobs."""

from pathlib import Path

import pytest

from index.workers import dispatch


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


@pytest.fixture
def four_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "_ARTICLES", 4)
