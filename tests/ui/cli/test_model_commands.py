"""The commands that list models, name those in use, and fit the weights to them."""

from pathlib import Path

import pytest

from index.encoding.hub.presets import PRESETS
from tests.support.command import Run
from tests.support.paths import ROOT
from tests.support.tiny_models import build_bare, build_reader, build_reranker

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Flags that name a tiny reader and a tiny reranker."""
    folder = tmp_path_factory.mktemp("models")
    reader, reranker = build_reader(folder / "reader", "xlm-roberta"), build_reranker(folder / "reranker", "bert")
    return ["--reader", str(reader), "--reranker", str(reranker), "--device", "cpu"]


def test_known_models_are_listed_with_their_licence_and_the_source_of_a_score(khabar: Run) -> None:
    done = khabar("models", "--model", "BAAI/bge-m3")
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert len(lines) == len(PRESETS) + 3
    assert [line[3:].split("\t")[0] for line in lines[: len(PRESETS)]] == [preset.name for preset in PRESETS]
    assert [line.split("\t")[0].split()[-1] for line in lines if line.startswith("*")] == ["BAAI/bge-m3"]
    assert lines[0].endswith(
        "intfloat/multilingual-e5-base\tencoder, 278 million parameters, 768 dimensions, 512 tokens; MIT; "
        "MTEB(Multilingual), mean over tasks: 57 (arXiv:2502.13595, table 2)"
    )
    assert lines[-3:] == ["set\tencoder: BAAI/bge-m3", "set\treranker: bundled", "set\treader: bundled"]


def test_one_on_disk_is_marked(khabar: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    revision = tmp_path / "models--BAAI--bge-m3" / "snapshots" / "abc"
    revision.mkdir(parents=True)
    (tmp_path / "models--BAAI--bge-m3" / "refs").mkdir()
    (tmp_path / "models--BAAI--bge-m3" / "refs" / "main").write_text("abc", encoding="utf-8")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    (revision / "config.json").write_text("{}", encoding="utf-8")
    # A configuration without weights is no model.
    assert not any(line[1] == "+" for line in khabar("models").out.splitlines())
    (revision / "pytorch_model.bin").write_bytes(b"weights")
    assert [line.split()[1] for line in khabar("models").out.splitlines() if line[1] == "+"] == ["BAAI/bge-m3"]


def test_the_doctor_names_every_model_and_what_the_confidence_was_fitted_for(
    khabar: Run, shelf: Path, tiny: list[str]
) -> None:
    bundled = khabar("doctor", "--library", shelf).out.splitlines()
    assert bundled[0].startswith("ok\tencoder: multilingual-e5-small-q4, OpenVINO")
    assert bundled[1] == "ok\treranker: late-interaction, with the encoder's token vectors"
    assert bundled[2].startswith("ok\treader: khabar-reader@")
    assert bundled[3] == "ok\tconfidence: fitted for these models"
    done = khabar("doctor", "--library", shelf, *tiny)
    assert done.status == 0
    named = done.out.splitlines()
    assert named[1].startswith("ok\treranker: reranker@")
    assert named[1].endswith(", sentence-transformers, torch in float32 on cpu")
    assert named[2].startswith("ok\treader: reader@")
    assert "Fit them: khabar tune EXAM.jsonl" in named[3]


def test_the_doctor_tells_which_model_is_broken(khabar: Run, shelf: Path, tmp_path: Path) -> None:
    bare = build_bare(tmp_path / "bare", "bert")
    done = khabar("doctor", "--library", shelf, "--reader", bare, "--device", "cpu")
    assert done.status == 1
    (broken,) = [line for line in done.out.splitlines() if not line.startswith("ok\t")]
    assert broken.startswith("broken\treader: The model ")
    assert "is no reader" in broken


def test_an_answer_of_other_models_comes_with_a_warning_until_they_are_fitted(
    khabar: Run, shelf: Path, tiny: list[str]
) -> None:
    done = khabar("ask", "who disputed the ISIS threat?", "--library", shelf, *tiny)
    assert done.status in (0, 3)
    assert done.err.startswith(
        "khabar: the order of sentences and the confidence were fitted on the scores of the bundl"
    )


def test_a_folder_or_device_that_is_not_there_is_one_line(
    khabar: Run, shelf: Path, tiny: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    done = khabar("ask", "who?", "--library", shelf, "--reranker", "./nowhere")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("khabar: There is no model folder ./nowhere.")
    done = khabar("ask", "who?", "--library", shelf, *tiny[:4], "--device", "cuda")
    assert done.status == 2
    assert "There is no cuda device here" in done.err


def test_an_exam_that_is_too_small_is_refused_and_writes_nothing(khabar: Run, shelf: Path) -> None:
    done = khabar("tune", ROOT / "tests" / "data" / "samples.exam.jsonl", "--library", shelf, "--language", "en")
    assert done.status == 2
    assert "samples.exam.jsonl is too small to fit weights on" in done.err
    assert "It takes 100 such questions about 10 articles at least." in done.err
    assert not (shelf / "tuned").exists()
