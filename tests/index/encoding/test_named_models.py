"""Encoders by name or folder: each architecture gives each token its vector, and the model's own files decide."""

import json
from pathlib import Path

import numpy as np
import pytest

from index import Article, EncoderError, Library, LibraryMismatchError, open_encoder
from index.encoding.hub.devices import torch_device
from index.encoding.hub.presets import PRESETS
from index.encoding.sentence_transformer import SentenceTransformerEncoder
from tests.support.tiny_models import ARCHITECTURES, POSITIONS, WIDTH, build_encoder

pytestmark = pytest.mark.system

TEXTS = [
    "The army denied that the group is a threat.",
    "أكد المتحدث أن عصابات داعش لا تشكل خطرا على البلاد.",
    "  Le ministre a promis une indemnité.\n",
    "word " * 400,
    "",
]
PROMPTS = {"query": "question: ", "document": "text: "}


@pytest.fixture(scope="module", params=ARCHITECTURES)
def encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SentenceTransformerEncoder:
    folder = build_encoder(tmp_path_factory.mktemp(request.param), request.param, prompts=PROMPTS)
    return SentenceTransformerEncoder(str(folder), "cpu")


def test_each_token_of_a_text_has_a_place_and_a_vector(encoder: SentenceTransformerEncoder) -> None:
    assert (encoder.dimensions, encoder.token_dimensions, encoder.max_tokens) == (WIDTH, WIDTH, POSITIONS)
    for text, places, encoded in zip(TEXTS, encoder.locate_tokens(TEXTS), encoder.encode_passages(TEXTS), strict=True):
        assert encoded.tokens.vectors.shape == (len(places.starts), WIDTH)
        assert (places.ends <= len(text)).all()
        assert np.linalg.norm(encoded.vector) == pytest.approx(1, abs=1e-5)
        assert np.allclose(np.linalg.norm(encoded.tokens.vectors, axis=1), 1, atol=1e-5)


def test_a_text_has_the_same_vectors_alone_and_among_longer_ones(encoder: SentenceTransformerEncoder) -> None:
    for text, together in zip(TEXTS, encoder.encode_passages(TEXTS), strict=True):
        (alone,) = encoder.encode_passages([text])
        assert np.allclose(alone.vector, together.vector, atol=1e-4)
        assert np.allclose(alone.tokens.vectors, together.tokens.vectors, atol=1e-4)


def test_it_encodes_as_sentence_transformers_itself_does(encoder: SentenceTransformerEncoder) -> None:
    theirs = encoder._model.encode_document(TEXTS)
    ours = np.stack([item.vector for item in encoder.encode_passages(TEXTS)])
    assert np.allclose(ours, theirs, atol=1e-4)
    assert np.allclose(encoder.encode_query(TEXTS[0]).vector, encoder._model.encode_query(TEXTS[0]), atol=1e-4)


def test_a_text_beyond_the_window_is_counted_whole_and_encoded_up_to_it(encoder: SentenceTransformerEncoder) -> None:
    assert encoder.count_tokens(["word " * 400])[0] > POSITIONS
    (places,) = encoder.locate_tokens(["word " * 400])
    assert 0 < len(places.starts) < POSITIONS
    assert encoder.runtime == "sentence-transformers, torch in float32 on cpu"


def test_the_files_of_the_model_say_how_it_pools_and_how_long_its_vectors_are(tmp_path: Path) -> None:
    import torch
    from sentence_transformers.sentence_transformer.modules import Dense

    plain = build_encoder(tmp_path / "plain", "bert")
    torch.manual_seed(1)
    denser = build_encoder(tmp_path / "denser", "bert", more=[Dense(WIDTH, 12)], pooling="cls")
    (mean,) = open_encoder(str(plain), device="cpu").encode_passages(TEXTS[:1])
    encoder = open_encoder(str(denser), device="cpu")
    (first,) = encoder.encode_passages(TEXTS[:1])
    # What is made of the whole after pooling is not made of the tokens.
    assert (encoder.dimensions, encoder.token_dimensions) == (12, WIDTH)
    assert (len(first.vector), first.tokens.vectors.shape[1]) == (12, WIDTH)
    assert np.allclose(first.tokens.vectors, mean.tokens.vectors, atol=1e-5)


@pytest.mark.parametrize("passage", ["document", "passage", "corpus"])
def test_prompts_stand_before_questions_and_passages_and_are_no_part_of_the_text(tmp_path: Path, passage: str) -> None:
    bare = open_encoder(str(build_encoder(tmp_path / "bare", "bert")), device="cpu")
    folder = build_encoder(tmp_path / "prompted", "bert", prompts={"query": "army ", passage: "threat "})
    prompted = open_encoder(str(folder), device="cpu")
    assert prompted.count_tokens([TEXTS[0]])[0] == bare.count_tokens([f"threat {TEXTS[0]}"])[0]
    assert np.allclose(prompted.encode_query(TEXTS[0]).vector, bare.encode_query(f"army {TEXTS[0]}").vector, atol=1e-5)
    (ours,), (theirs,) = prompted.encode_passages(TEXTS[:1]), bare.encode_passages([f"threat {TEXTS[0]}"])
    assert np.allclose(ours.vector, theirs.vector, atol=1e-5)
    (places,) = prompted.locate_tokens(TEXTS[:1])
    assert int(places.starts[0]) == 0
    assert len(places.starts) == len(ours.tokens.vectors) < len(theirs.tokens.vectors)


def test_a_known_model_gets_the_prompts_that_its_card_asks_for_and_its_files_lack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "intfloat/multilingual-e5-base"
    assert next(preset.prompts for preset in PRESETS if preset.name == name) is not None
    bare = str(build_encoder(tmp_path, "xlm-roberta"))
    encoder = SentenceTransformerEncoder(name, "cpu")
    # Nothing is fetched: what the hub name stands for is read from the folder.
    monkeypatch.setattr("index.encoding.hub.named_model.NamedModel.load", lambda self, load: load(bare), raising=True)
    assert encoder.name == f"{name}+prompts"
    expected = open_encoder(bare, device="cpu")
    assert np.allclose(encoder.encode_query("who?").vector, expected.encode_query("query: who?").vector, atol=1e-5)
    (ours,), (theirs,) = encoder.encode_passages(["it"]), expected.encode_passages(["passage: it"])
    assert np.allclose(ours.vector, theirs.vector, atol=1e-5)


def test_other_weights_other_prompts_and_other_files_have_other_names(tmp_path: Path) -> None:
    first = build_encoder(tmp_path / "first", "bert")
    names = {
        open_encoder(str(folder)).name
        for folder in (
            first,
            build_encoder(tmp_path / "weights", "bert", seed=1),
            build_encoder(tmp_path / "prompts", "bert", prompts=PROMPTS),
        )
    }
    assert len(names) == 3
    assert all(name.startswith("encoder@") for name in names)
    assert open_encoder(str(build_encoder(tmp_path / "again", "bert"))).name == open_encoder(str(first)).name


def test_a_large_file_is_told_by_samples_of_all_of_it(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    names = set()
    for place in (0, 9_000_000, 17_999_999):
        weights = bytearray(18_000_000)
        weights[place] = 1
        (tmp_path / "model.safetensors").write_bytes(weights)
        names.add(open_encoder(str(tmp_path)).name)
    assert len(names) == 3


@pytest.mark.parametrize("harm", ["empty", "torn", "unknown", "gone"])
def test_what_is_no_encoder_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    folder = tmp_path / "empty"
    folder.mkdir()
    if harm == "torn":
        folder = build_encoder(tmp_path / "torn", "bert")
        weights = next(folder.rglob("model.safetensors"))
        weights.write_bytes(weights.read_bytes()[:-100])
    if harm == "unknown":
        (folder / "modules.json").write_text("[]", encoding="utf-8")
        (folder / "config.json").write_text(json.dumps({"model_type": "no such model"}), encoding="utf-8")
    given = str(folder) if harm != "gone" else "nobody/no-such-model"
    with pytest.raises(EncoderError, match="cannot be loaded"):
        open_encoder(given, device="cpu").encode_query("who?")


def test_a_device_that_is_not_there_is_named_with_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: False)
    assert (torch_device("auto"), torch_device("cpu")) == ("cpu", "cpu")
    with pytest.raises(EncoderError, match=r"no cuda device here: torch [^ ]+ finds cpu\. Set KHABAR_DEVICE to auto"):
        torch_device("cuda")
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    assert (torch_device("auto"), torch_device("cuda")) == ("cuda", "cuda")


def test_another_encoder_rebuilds_beside_the_old_vectors_which_serve_meanwhile(tmp_path: Path) -> None:
    articles = [Article.create(f"a{n}", f"The dam number {n} held. Engineer Salma Rashid said so.") for n in range(80)]
    old = open_encoder(str(build_encoder(tmp_path / "old", "bert")), device="cpu")
    new = open_encoder(str(build_encoder(tmp_path / "new", "gemma3", prompts=PROMPTS)), device="cpu")
    with Library.open(tmp_path / "library", encoder=old) as library:
        library.add(articles)
    with pytest.raises(LibraryMismatchError, match=rf"made with the encoder {old.name}.*khabar doctor --rebuild"):
        Library.open(tmp_path / "library", encoder=new)
    served: list[int] = []
    with Library.open(tmp_path / "library", encoder=old) as serving:
        before = [candidate.passage for candidate in serving.search("dam number 7", limit=5)]

        def midway(_: object) -> None:
            served.append([candidate.passage for candidate in serving.search("dam number 7", limit=5)] == before)

        with Library.rebuild_at(tmp_path / "library", encoder=new, progress=midway) as rebuilt:
            assert served == [True, True]
            found = rebuilt.search("dam number 7", limit=5)
            assert rebuilt.stats().encoder == new.name
            assert rebuilt.doctor().ok
    assert "a7" in {candidate.article.id for candidate in found}
    with pytest.raises(LibraryMismatchError):
        Library.open(tmp_path / "library", encoder=old)
