"""What this CPU computes fast and exactly: bfloat16, and products of 8-bit numbers (VNNI)."""

from pathlib import Path

_LINUX = Path("/proc/cpuinfo")
# Intel's and AMD's: of the wide registers, and of the narrow ones, that processors of laptops have.
_VNNI = {"avx512_vnni", "avx_vnni"}


def has_bfloat16() -> bool:
    """Tell whether this CPU has instructions for bfloat16."""
    import openvino

    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def is_fast_in_bfloat16(told: Path = _LINUX) -> bool:
    """Tell whether bfloat16 is faster than float32 here; where the system does not tell, OpenVINO's word counts.

    Intel's CPUs that have bfloat16 without AMX, its unit for matrices, took 1.5 times as long with it as with float32
    (OpenVINO 2026.4); AMD's took two thirds.
    """
    lines = _lines(told)
    is_intel = any(line.startswith("vendor_id") and "GenuineIntel" in line for line in lines)
    return has_bfloat16() and not (is_intel and not _has_any(lines, {"amx_bf16"}))


def has_vnni(told: Path = _LINUX) -> bool | None:
    """Tell whether this CPU adds up products of 8-bit numbers in 32 bits (VNNI); None where the system does not tell.

    OpenVINO names int8 among what any CPU with AVX2 can do. Without VNNI it is slower there than float32, and sums are
    cut off at 16 bits. `told` is what Linux says of the CPU.
    """
    lines = _lines(told)
    return _has_any(lines, _VNNI) if lines else None


def _lines(told: Path) -> list[str]:
    """Return what Linux says of the CPU, nothing on other systems."""
    try:
        return told.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _has_any(lines: list[str], wanted: set[str]) -> bool:
    return any(wanted & set(line.split()) for line in lines if line.startswith("flags"))
