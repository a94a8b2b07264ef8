"""Text to vectors: what an encoder is, and opening one.

The bundled model runs in OpenVINO (half the start-up and twice the speed of torch with equal ranking); any
other sentence-transformers model, by name or folder, runs in sentence-transformers, which is also the
reference the fast runtime is held to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoding.bundled_model import NAME as BUNDLED

if TYPE_CHECKING:
    from index.encoding.hub.devices import Device
    from index.encoding.precision.choice import Precision


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The vectors of one text's own tokens (prefix and special tokens left out), to be compared by cosine.

    `vectors` is (t, k) float32 with unit rows, k even; `weights` (t,) is how much each token tells: its
    information, -ln of its unigram probability, or 1 where the model has none.
    """

    vectors: NDArray[np.float32]
    weights: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TokenPlaces:
    """Where one text's own tokens stand in it: (t,) character offsets."""

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class TextVectors:
    """One text's unit vector (d,) and its tokens' vectors, out of one pass.

    `sought` and `sought_tokens` are where passages that answer a question are looked for; None for at its own.
    """

    vector: NDArray[np.float32]
    tokens: TokenVectors
    sought: NDArray[np.float32] | None = None
    sought_tokens: TokenVectors | None = None


class Encoder(Protocol):
    """Maps texts of any language to unit vectors in one space; safe to call from several threads.

    `name` identifies the weights, prefixes and pooling: equal names give interchangeable vectors.
    `max_tokens` is the window in the encoder's own tokens, prefix and special tokens included.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def dimensions(self) -> int: ...  # noqa: D102

    @property
    def token_dimensions(self) -> int: ...  # noqa: D102

    @property
    def max_tokens(self) -> int: ...  # noqa: D102

    @property
    def runtime(self) -> str:
        """What computes it here, in plain words."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens as a passage: prefix and special tokens included."""
        ...

    def locate_tokens(self, texts: Sequence[str]) -> list[TokenPlaces]:
        """Find where the tokens stand whose vectors `encode_passages` gives, in the same order."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> list[TextVectors]:
        """Encode passages, each as a whole and token by token."""
        ...

    def encode_query(self, text: str) -> TextVectors:
        """Encode a question, as a whole and token by token."""
        ...


def open_encoder(
    model: str | None = None,
    *,
    cache: Path | None = None,
    precision: "Precision" = "auto",
    device: "Device" = "auto",
) -> Encoder:
    """Open the bundled encoder, or another sentence-transformers model by name or folder.

    Cheap: files are converted and weights loaded at the first use. `cache` is where the bundled model's
    conversion is kept (default: the user's cache folder), `precision` what it computes in; `device` is where another
    model is computed. Raises `EncoderError` for a folder that is not there, and at the first use where this machine has
    not that precision or device.
    """
    if model is None or model == BUNDLED:
        from index.encoding.openvino_encoder import OpenVinoEncoder

        return OpenVinoEncoder(cache or default_cache(), precision)
    from index.encoding.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder(model, device)


def default_cache() -> Path:
    """Return the user's cache folder for converted models."""
    from platformdirs import user_cache_path

    return user_cache_path("khabar") / "models"


def own_tokens(offsets: Any, special: Any, prefix: int) -> NDArray[np.bool_]:
    """Mark the tokens of the text itself, after its prefix: (t,)."""
    own: NDArray[np.bool_] = ~np.asarray(special, dtype=bool) & (np.asarray(offsets, dtype=np.int32)[:, 1] > prefix)
    return own


def places_of(offsets: Any, special: Any, prefix: int) -> TokenPlaces:
    """Return where the text's own tokens stand in it, without its prefix."""
    places = np.asarray(offsets, dtype=np.int32)[own_tokens(offsets, special, prefix)] - prefix
    return TokenPlaces(np.maximum(places[:, 0], 0), places[:, 1])
