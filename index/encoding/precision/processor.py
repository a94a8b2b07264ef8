"""What this CPU computes fast and exactly: bfloat16, and products of 8-bit numbers (VNNI)."""

from pathlib import Path

_LINUX = Path("/proc/cpuinfo")
# Intel's and AMD's: of the wide registers, and of the narrow ones, that processors of laptops have.
_VNNI = {"avx512_vnni", "avx_vnni"}


def has_bfloat16() -> bool:
    """Tell whether this CPU has instructions for bfloat16."""
    import openvino

    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def has_vnni(told: Path = _LINUX) -> bool | None:
    """Tell whether this CPU adds up products of 8-bit numbers in 32 bits (VNNI); None where the system does not tell.

    OpenVINO names int8 among what any CPU with AVX2 can do. Without VNNI it is slower there than float32, and sums are
    cut off at 16 bits. `told` is what Linux says of the CPU.
    """
    try:
        lines = told.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return any(_VNNI & set(line.split()) for line in lines if line.startswith("flags"))
