"""The chat in a terminal goes on from what was said."""

import io
import sys

import pytest

from qa import Assistant
from ui.cli.chat import chat


def test_a_follow_up_goes_on_and_new_begins_anew(
    samples: Assistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "Who disputed the ISIS threat?\nand when?\n/new\nand when?\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    chat(samples, {}, bidi="auto", width=80)
    out = capsys.readouterr().out
    assert out.count("Understood as: ") == 1
    assert "When did مهند الزيدي dispute the ISIS threat?" in out
