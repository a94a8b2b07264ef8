"""What the bundled models compute in here: what suits the CPU, or as told."""

from typing import Literal

from index.encoding.precision import processor
from index.errors import EncoderError

# "auto" is bfloat16 where the CPU is fast in it, else int8 where it has VNNI, else float32. What int8 loses is within
# what benchmarks/results/precisions.md allows.
Precision = Literal["auto", "bfloat16", "int8", "float32"]


def chosen(wanted: Precision, *, scales: bool = True) -> Precision:
    """Return what is computed in, never "auto"; `scales` tells whether the model's scales for int8 are there.

    Raises `EncoderError` where the CPU does not compute in what is asked for, or the scales are missing.
    """
    if wanted == "auto":
        if processor.is_fast_in_bfloat16():
            return "bfloat16"
        return "int8" if scales and processor.has_vnni() else "float32"
    if wanted == "bfloat16" and not processor.has_bfloat16():
        raise EncoderError("This CPU does not compute in bfloat16: choose float32, or auto to leave the choice open.")
    # Not an error where the system does not tell: whoever asks for it may know.
    if wanted == "int8" and processor.has_vnni() is False:
        raise EncoderError(
            "This CPU has no instructions for int8 (VNNI), and without them it is slower and less exact: choose "
            "float32, or auto to leave the choice open."
        )
    if wanted == "int8" and not scales:
        raise EncoderError("This model has no scales for int8: choose float32, or auto to leave the choice open.")
    return wanted


def runtime(wanted: Precision = "auto", *, scales: bool = True) -> str:
    """Say what computes a bundled model here, in plain words; raises as `chosen` does."""
    import openvino

    used, version = chosen(wanted, scales=scales), openvino.__version__.partition("-")[0]
    why = ""
    if used in {"int8", "float32"} and not processor.has_bfloat16():
        why = ": this CPU does not compute in bfloat16"
    elif used in {"int8", "float32"} and not processor.is_fast_in_bfloat16():
        why = ": this CPU is slow in bfloat16"
    return f"OpenVINO {version} in {used}{why}"
