"""Models that are known by name: their size, licence and published score, and the prompts that some leave unsaid."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Score:
    """A published figure: the `measure` it is of, and the `source` that states it."""

    value: float
    measure: str
    source: str


@dataclass(frozen=True, slots=True)
class Prompts:
    """What stands before a question and before a passage, where the model card says so and the files do not."""

    query: str
    passage: str


@dataclass(frozen=True, slots=True)
class Preset:
    """One model: `setting` is where its name goes, `parameters` are millions, `window` is in tokens.

    `dimensions` are those of a vector, None for a reranker. A score that could not be traced to a source is left out.
    """

    name: str
    setting: Literal["model", "reranker"]
    parameters: int
    window: int
    licence: str
    dimensions: int | None = None
    score: Score | None = None
    prompts: Prompts | None = None


_MTEB = "MTEB(Multilingual), mean over tasks"
_MMTEB, _GEMMA = "arXiv:2502.13595, table 2", "arXiv:2509.20354"
# https://huggingface.co/intfloat/multilingual-e5-base: "Each input text should start with 'query: ' or 'passage: '".
_E5 = Prompts("query: ", "passage: ")

PRESETS = (
    Preset("intfloat/multilingual-e5-base", "model", 278, 512, "MIT", 768, Score(57.0, _MTEB, _MMTEB), _E5),
    Preset("intfloat/multilingual-e5-large", "model", 560, 512, "MIT", 1024, Score(58.6, _MTEB, _MMTEB), _E5),
    Preset(
        "BAAI/bge-m3", "model", 568, 8192, "MIT", 1024,
        Score(59.56, _MTEB, "https://huggingface.co/Qwen/Qwen3-Embedding-0.6B"),
    ),
    Preset(
        "google/embeddinggemma-300m", "model", 308, 2048, "Gemma Terms of Use", 768, Score(61.15, _MTEB, _GEMMA),
    ),
    # The community's copy: the first publisher's needs code of its own, which Khabar never runs.
    Preset(
        "alibaba-nlp-community/gte-multilingual-base", "model", 305, 8192, "Apache-2.0", 768,
        Score(58.24, _MTEB, _GEMMA),
    ),
    Preset("BAAI/bge-reranker-v2-m3", "reranker", 568, 8192, "Apache-2.0"),
)  # fmt: skip


def preset_of(name: str) -> Preset | None:
    """Return what is known of a model by its hub name."""
    return next((preset for preset in PRESETS if preset.name == name), None)


def is_on_disk(name: str) -> bool:
    """Tell whether the Hugging Face cache has a hub model's configuration and weights."""
    from huggingface_hub import try_to_load_from_cache

    def has(file: str) -> bool:
        return isinstance(try_to_load_from_cache(name, file), str)

    return has("config.json") and any(
        has(file) for file in ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin")
    )
