"""What the CPU has decides what the bundled models compute in, unless somebody says so."""

from pathlib import Path

import pytest

from index import EncoderError, open_encoder
from index.encoding.precision.choice import Precision, chosen, runtime
from index.encoding.precision.processor import has_vnni, is_fast_in_bfloat16


def linux_says(folder: Path, flags: str, vendor: str = "GenuineIntel") -> Path:
    told = folder / "cpuinfo"
    name = "A CPU with avx_vnni in its name"
    told.write_text(f"processor\t: 0\nvendor_id\t: {vendor}\nmodel name\t: {name}\nflags\t\t: fpu {flags}\n")
    return told


def cpu(monkeypatch: pytest.MonkeyPatch, bfloat16: bool, vnni: bool | None, *, slow: bool = False) -> None:
    monkeypatch.setattr("index.encoding.precision.processor.has_bfloat16", lambda: bfloat16)
    monkeypatch.setattr("index.encoding.precision.processor.is_fast_in_bfloat16", lambda: bfloat16 and not slow)
    monkeypatch.setattr("index.encoding.precision.processor.has_vnni", lambda: vnni)


def test_vnni_is_told_from_what_linux_says_of_the_cpu(tmp_path: Path) -> None:
    assert has_vnni(linux_says(tmp_path, "avx2 avx512f avx512_vnni amx_tile"))
    assert has_vnni(linux_says(tmp_path, "avx2 avx_vnni"))
    assert has_vnni(linux_says(tmp_path, "avx2 avx512f")) is False
    assert has_vnni(tmp_path / "nothing") is None


def test_bfloat16_is_slow_on_intel_without_its_unit_for_matrices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.encoding.precision.processor.has_bfloat16", lambda: True)
    assert not is_fast_in_bfloat16(linux_says(tmp_path, "avx512_bf16 avx512_vnni"))
    assert is_fast_in_bfloat16(linux_says(tmp_path, "avx512_bf16 amx_bf16"))
    assert is_fast_in_bfloat16(linux_says(tmp_path, "avx512_bf16", vendor="AuthenticAMD"))
    assert is_fast_in_bfloat16(tmp_path / "nothing")
    monkeypatch.setattr("index.encoding.precision.processor.has_bfloat16", lambda: False)
    assert not is_fast_in_bfloat16(linux_says(tmp_path, "avx2", vendor="AuthenticAMD"))


def test_where_bfloat16_is_slow_something_else_is_used_unless_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu(monkeypatch, bfloat16=True, vnni=False, slow=True)
    assert chosen("auto") == "float32"
    assert runtime().endswith(" in float32: this CPU is slow in bfloat16")
    assert chosen("bfloat16") == "bfloat16"


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
    cpu(monkeypatch, bfloat16=False, vnni=False)
    assert open_encoder().runtime.endswith(" in float32: this CPU does not compute in bfloat16")
    cpu(monkeypatch, bfloat16=False, vnni=True)
    assert open_encoder().runtime.endswith(" in int8: this CPU does not compute in bfloat16")
    assert open_encoder(precision="float32").runtime.endswith(" in float32: this CPU does not compute in bfloat16")
    with pytest.raises(EncoderError, match="choose float32"):
        open_encoder(precision="bfloat16").encode_passages(["The ferry leaves at six."])
