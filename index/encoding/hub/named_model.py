"""A model by its hub name or folder: what it is called, how it is loaded, how much it reads at once."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from index.errors import EncoderError

T = TypeVar("T")

_TOLD_BY = {".json", ".safetensors", ".bin", ".model", ".txt"}
# A file of more bytes than the samples have is told by as many of them, spread evenly over it.
_SAMPLES, _SAMPLE = 64, 1 << 16


@dataclass(frozen=True)
class NamedModel:
    """What a user named: `given`, the words of it, and the `folder` that it lies in, None for a hub name."""

    given: str
    folder: Path | None

    @classmethod
    def of(cls, given: str) -> "NamedModel":
        """Tell a folder from a hub name; raises `EncoderError` for a folder that is not there."""
        folder = Path(given).expanduser()
        if folder.is_dir():
            return cls(given, folder)
        if given.startswith((".", "/", "~")) or folder.is_absolute():
            raise EncoderError(f"There is no model folder {given}. Name a sentence-transformers folder or model.")
        return cls(given, None)

    @cached_property
    def name(self) -> str:
        """The hub name, or the folder's name with a hash of its configuration and weights."""
        if self.folder is None:
            return self.given
        digest = hashlib.sha256()
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path.suffix in _TOLD_BY:
                digest.update(f"{path.relative_to(self.folder)}:{path.stat().st_size}".encode())
                _sample(path, digest.update)
        return f"{self.folder.resolve().name}@{digest.hexdigest()[:12]}"

    def load(self, load: Callable[[str], T]) -> T:
        """Return what `load` makes of the folder or name; raises `EncoderError` with what to do where it cannot."""
        from safetensors import SafetensorError

        try:
            with _quiet(bars=self.folder is None):
                return load(str(self.folder or self.given))
        except (OSError, ValueError, RuntimeError, ImportError, SafetensorError) as error:
            # What the libraries raise for a folder that is no model, damaged weights, a missing package, no network.
            raise EncoderError(
                f"The model {self.given!r} cannot be loaded: {error}. Give a folder that "
                "sentence-transformers can load; with the network off a hub name must already be downloaded."
            ) from error


def window_of(tokenizer: Any, model: Any) -> int:
    """Return how many tokens a transformer reads: what its tokenizer says, at most what it has positions for."""
    positions = getattr(model.config, "max_position_embeddings", None) or tokenizer.model_max_length
    embedded = (getattr(module, "position_embeddings", None) for module in model.modules())
    # The XLM-R family counts positions from behind the padding's: 514 of them are 512 tokens.
    reserved = max((getattr(table, "padding_idx", None) or -1 for table in embedded), default=-1) + 1
    return int(min(tokenizer.model_max_length, positions - reserved))


@contextmanager
def _quiet(*, bars: bool) -> Iterator[None]:
    """Keep the libraries' reports to themselves, and their progress bars too: only a download is worth one."""
    from transformers.utils import logging

    level, shown = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    if not bars:
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _sample(path: Path, take: Callable[[bytes], object]) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= _SAMPLES * _SAMPLE:
            take(file.read())
            return
        for number in range(_SAMPLES):
            file.seek((size - _SAMPLE) * number // (_SAMPLES - 1))
            take(file.read(_SAMPLE))
