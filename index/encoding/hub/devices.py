"""Where torch computes, and in what."""

from typing import Any, Literal

from index.errors import EncoderError

Device = Literal["auto", "cpu", "cuda", "mps"]


def torch_runtime(library: str, model: Any) -> str:
    """Say what computes a model of a library's here, in plain words; `model` has torch's `dtype` and `device`."""
    return f"{library}, torch in {str(model.dtype).removeprefix('torch.')} on {model.device.type}"


def torch_device(wanted: Device) -> str:
    """Return torch's name of a device; `auto` is a GPU where there is one. Raises `EncoderError` where it is not."""
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        return next(name for name, is_there in there.items() if is_there)
    if not there[wanted]:
        found = " and ".join(name for name, is_there in there.items() if is_there)
        raise EncoderError(
            f"There is no {wanted} device here: torch {torch.__version__} finds {found}. Set KHABAR_DEVICE to auto, "
            "or install a torch that is built for this machine's GPU."
        )
    return wanted
