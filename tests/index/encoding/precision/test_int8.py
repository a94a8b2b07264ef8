"""In int8 the bundled models compute what they compute in float32, but for the last digits."""

from pathlib import Path

import numpy as np
import pytest

from index import EncoderError, open_encoder
from index.encoding.bundled_model import bundled_model, layer_weights
from index.encoding.encoder import default_cache
from index.encoding.openvino_runtime import encoder_scales, open_encoder_session, open_layers_session, scales_beside
from index.encoding.precision.processor import has_vnni
from index.encoding.precision.scales import Int8Scales
from index.sealing import is_whole
from qa.reading.span_model import BundledSpanModel, Text
from tests.support.paths import ROOT

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(has_vnni() is False, reason="this CPU has no instructions for int8 (VNNI)"),
]

FRENCH = (
    "Le gouvernement a annoncé jeudi une hausse du salaire minimum de 4 %, que les syndicats jugent insuffisante. "
    "« Les prix ont augmenté deux fois plus vite », a déclaré leur porte-parole devant le parlement."
)
QUESTIONS = ["who disputed the ISIS threat?", "من نفى خطر داعش؟", "qui a contesté la menace ?"]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Return passages in English, Arabic and French, of some length and short."""
    files = [file for file in sorted((ROOT / "samples").iterdir()) if file.suffix in {".txt", ".md"}]
    return [*(file.read_text(encoding="utf-8")[:800] for file in files), FRENCH, "Le ministre a démissionné."]


def test_vectors_are_where_those_of_float32_are(texts: list[str]) -> None:
    exact, fast = open_encoder(precision="float32"), open_encoder(precision="int8")
    assert " in int8" in fast.runtime
    assert fast.name == exact.name
    pairs = list(zip(fast.encode_passages(texts), exact.encode_passages(texts), strict=True))
    cosines = [float(ours.vector @ theirs.vector) for ours, theirs in pairs]
    assert np.mean(cosines) > 0.999
    assert min(cosines) > 0.997
    tokens = np.concatenate([(a.tokens.vectors * b.tokens.vectors).sum(axis=1) for a, b in pairs])
    assert tokens.mean() > 0.98
    # Computed another way, and not just float32 once more.
    assert min(cosines) < 0.99999
    for question in QUESTIONS:
        ours, theirs = fast.encode_query(question), exact.encode_query(question)
        assert float(ours.vector @ theirs.vector) > 0.997
        # The question's side loses more than the encoder.
        assert float(ours.sought @ theirs.sought) > 0.99


def test_the_reader_reads_the_same(texts: list[str]) -> None:
    passages = [Text("", text) for text in texts]
    exact, fast = (BundledSpanModel(precision=precision) for precision in ("float32", "int8"))
    for question in QUESTIONS:
        read = [
            (np.array([marks.relevance for marks in model.mark(question, passages)]), model.mark(question, passages))
            for model in (exact, fast)
        ]
        (wanted, slow), (found, quick) = read
        assert np.corrcoef(wanted, found)[0, 1] > 0.98
        best = int(wanted.argmax())
        assert int(found.argmax()) == best
        length = len(passages[best].text)
        ours, theirs = quick[best].best(0, length), slow[best].best(0, length)
        assert ours is not None
        assert theirs is not None
        assert (ours.start, ours.end) == (theirs.start, theirs.end)


def beside_the_converted_model(cache: Path) -> Path:
    """Return an empty cache that has the converted model, by a link to it."""
    folder = bundled_model(default_cache())
    (cache / folder.name).symlink_to(folder, target_is_directory=True)
    return cache


def test_precisions_have_exports_of_their_own(tmp_path: Path) -> None:
    cache = beside_the_converted_model(tmp_path)
    names = []
    for precision in ("float32", "int8"):
        open_encoder_session(cache, precision)
        names.append(
            {path.name for path in cache.iterdir() if "-openvino-" in path.name and path.is_dir() and is_whole(path)}
        )
    first, both = names
    (added,) = both - first
    assert len(first) == 1
    assert "-int8-" in added
    assert "-int8-" not in first.pop()


def test_scales_that_do_not_fit_are_a_clear_error(tmp_path: Path) -> None:
    cache = beside_the_converted_model(tmp_path)
    file = tmp_path / "other.npz"
    file.write_bytes(b"other weights")

    def opened() -> None:
        open_layers_session(cache, file, lambda: {"bert.encoder.layer.0.output.dense.bias": changed}, "int8")

    name = "bert.encoder.layer.0.output.dense.bias"
    changed = layer_weights(bundled_model(default_cache()))[name] + 1
    with pytest.raises(EncoderError, match="no scales for int8"):
        opened()
    scales = scales_beside(file)
    scales.write_bytes(encoder_scales().read_bytes())
    with pytest.raises(EncoderError, match=r"other\.int8\.npz are those of other weights"):
        opened()
    scales.write_bytes(b"nothing of the kind")
    with pytest.raises(EncoderError, match=r"other\.int8\.npz holds no scales"):
        opened()
    shipped = Int8Scales.load(encoder_scales())
    Int8Scales(shipped.weights, shipped.smoothing, {}, shipped.corrections).save(scales)
    with pytest.raises(EncoderError, match="some of them are missing"):
        opened()


def test_the_shipped_scales_are_small() -> None:
    assert encoder_scales().stat().st_size < 300_000
