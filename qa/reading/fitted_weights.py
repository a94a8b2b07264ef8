"""The weights that are fitted on a reader's scores: those that ship, and those that a library has for other models."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import LibraryError
from qa.reading import answerability, sentence_ranker
from qa.reading.answerability import Confidence
from qa.reading.sentence_ranker import SentenceRanker

FOLDER = "tuned"
_LONGEST_NAME = 48


@dataclass(frozen=True, slots=True)
class ModelNames:
    """The names of the models whose scores the weights are fitted on."""

    encoder: str
    reranker: str
    reader: str

    @property
    def file(self) -> str:
        """The name of the file that holds their weights: the models' names, as far as files may be called so."""
        names = asdict(self)
        digest = hashlib.sha256(json.dumps(names, sort_keys=True).encode()).hexdigest()[:8]
        plain = (re.sub(r"[^\w.@-]+", "-", name)[-_LONGEST_NAME:] for name in names.values())
        return f"{'+'.join(plain)}+{digest}.json"


@dataclass(frozen=True, slots=True)
class FittedWeights:
    """The order of sentences, and how sure the first one is."""

    ranker: SentenceRanker
    confidence: Confidence

    @classmethod
    def shipped(cls) -> "FittedWeights":
        """Return those that were fitted for the bundled models."""
        return cls(sentence_ranker.fitted(), answerability.fitted())

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "FittedWeights":
        """Read what `to_dict` gave."""
        return cls(SentenceRanker.read(data["ranker"]), Confidence.read(data["answerability"]))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"ranker": self.ranker.to_dict(), "answerability": self.confidence.to_dict()}


def tuned_file(library: Path, names: ModelNames) -> Path:
    """Return where a library's weights for some models lie, whether there are any or not."""
    return library / FOLDER / names.file


def tuned_for(library: Path, names: ModelNames) -> FittedWeights | None:
    """Read the weights that `khabar tune` fitted for some models over a library, None where it did not.

    Raises `LibraryError` for a file that cannot be read.
    """
    path = tuned_file(library, names)
    try:
        return FittedWeights.of(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LibraryError(
            f"The weights in {path} cannot be read: {error!r}. Fit them again with khabar tune EXAM.jsonl, or delete "
            "the file."
        ) from error
