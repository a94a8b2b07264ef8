"""What the CPU has decides what the bundled models compute in, unless somebody says so."""

from pathlib import Path

import pytest

from index import EncoderError, open_encoder
from index.encoding.precision.choice import Precision, chosen, runtime
from index.encoding.precision.processor import has_vnni


def linux_says(folder: Path, flags: str) -> Path:
    told = folder / "cpuinfo"
    told.write_text(f"processor\t: 0\nmodel name\t: A CPU with avx_vnni in its name\nflags\t\t: fpu {flags}\n")
    return told


def cpu(monkeypatch: pytest.MonkeyPatch, bfloat16: bool, vnni: bool | None) -> None:
    monkeypatch.setattr("index.encoding.precision.processor.has_bfloat16", lambda: bfloat16)
    monkeypatch.setattr("index.encoding.precision.processor.has_vnni", lambda: vnni)


def test_vnni_is_told_from_what_linux_says_of_the_cpu(tmp_path: Path) -> None:
    assert has_vnni(linux_says(tmp_path, "avx2 avx512f avx512_vnni amx_tile"))
    assert has_vnni(linux_says(tmp_path, "avx2 avx_vnni"))
    assert has_vnni(linux_says(tmp_path, "avx2 avx512f")) is False
    assert has_vnni(tmp_path / "nothing") is None


@pytest.mark.parametrize(
    ("bfloat16", "vnni", "scales", "used"),
    [
        (True, True, True, "bfloat16"),
        (True, False, True, "bfloat16"),
        (False, True, True, "int8"),
        (False, True, False, "float32"),
        (False, False, True, "float32"),
        (False, None, True, "float32"),
    ],
)
def test_the_fastest_that_the_cpu_has_is_used(
    monkeypatch: pytest.MonkeyPatch, bfloat16: bool, vnni: bool | None, scales: bool, used: Precision
) -> None:
    cpu(monkeypatch, bfloat16, vnni)
    assert chosen("auto", scales=scales) == used
    assert chosen("float32", scales=scales) == "float32"
    assert f" in {used}" in runtime(scales=scales)


def test_int8_is_for_a_cpu_with_vnni_or_one_that_nothing_is_known_of(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu(monkeypatch, bfloat16=True, vnni=None)
    assert chosen("int8") == "int8"
    with pytest.raises(EncoderError, match="no scales for int8: choose float32"):
        chosen("int8", scales=False)
    cpu(monkeypatch, bfloat16=True, vnni=False)
    with pytest.raises(EncoderError, match=r"\(VNNI\).* choose float32"):
        chosen("int8")


def test_what_the_cpu_does_not_compute_in_is_a_clear_error_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu(monkeypatch, bfloat16=False, vnni=True)
    assert open_encoder().runtime.endswith(" in int8: this CPU does not compute in bfloat16")
    assert open_encoder(precision="float32").runtime.endswith(" in float32: this CPU does not compute in bfloat16")
    with pytest.raises(EncoderError, match="choose float32"):
        open_encoder(precision="bfloat16").encode_passages(["The ferry leaves at six."])
