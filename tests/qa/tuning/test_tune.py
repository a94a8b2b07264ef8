"""`tune` fits the weights of the models in use on an exam, and assistants with these models use them from then on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Article, Library, LibraryError
from qa import Assistant
from qa.errors import EvaluationError
from qa.evaluation.gold import read_wordings
from qa.models import ModelChoice
from qa.reading.fitted_weights import FittedWeights, ModelNames, tuned_file
from qa.tuning.tune import FEWEST_ANSWERED, FEWEST_ARTICLES, FEWEST_UNANSWERED, TuningReport, tune
from tests.support.small_encoder import SmallEncoder
from tests.support.tiny_models import build_reader, build_reranker

pytestmark = pytest.mark.system

TOWNS = (
    "Tell Rumman", "Dar Selwan", "Port Halvia", "Sarvan", "Qasr Nadim", "Beit Azar", "Marj Kadir", "Wadi Sahil",
    "Ras Tamar", "Ain Safra", "Bab Lunar", "Hama Dor", "Jisr Mazen", "Kafr Zaman",
)  # fmt: skip
GOODS = ("wheat", "cement", "salt", "timber", "copper", "cotton", "barley", "sugar", "marble", "olives")


def sentence(town: int, good: int) -> str:
    return f"The depot in {TOWNS[town]} stored {100 * town + 7 * good + 11} tonnes of {GOODS[good]} this year."


@pytest.fixture(scope="module")
def exam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = [
        {
            "id": f"{town}-{good}", "article": f"depot-{town}", "type": "number",
            "question_en": f"How many tonnes of {GOODS[good]} did {TOWNS[town]} store?",
            "answer": str(100 * town + 7 * good + 11), "sentence": sentence(town, good),
        }
        for town in range(len(TOWNS))
        for good in range(len(GOODS))
    ]  # fmt: skip
    lines += [
        {
            "id": f"near-{town}-{thing}", "article": None, "type": "unanswerable", "answer": None, "sentence": None,
            "question_en": f"Who bought the {thing} of {TOWNS[town]}?",
        }
        for town in range(len(TOWNS))
        for thing in ("coal", "glass")
    ]  # fmt: skip
    lines[0]["question_fr"] = f"Combien de tonnes de {GOODS[0]} à {TOWNS[0]} ?"
    path = tmp_path_factory.mktemp("exam") / "exam.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def choice(tmp_path_factory: pytest.TempPathFactory) -> ModelChoice:
    folder = tmp_path_factory.mktemp("models")
    return ModelChoice(reader=str(build_reader(folder / "reader", "bert")), device="cpu")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("depots") / "library"
    with Library.open(folder, encoder=SmallEncoder()) as opened:
        opened.add(
            Article.create(f"depot-{town}", " ".join(sentence(town, good) for good in range(len(GOODS))), title=name)
            for town, name in enumerate(TOWNS)
        )
    return folder


def open_assistant(library: Path, choice: ModelChoice | None) -> Assistant:
    return Assistant.open(library, encoder=SmallEncoder(), models=choice)


@pytest.fixture(scope="module")
def report(library: Path, choice: ModelChoice, exam: Path) -> Iterator[TuningReport]:
    with open_assistant(library, choice) as assistant:
        assert not assistant.is_fitted
        yield tune(exam, assistant)


def test_the_weights_lie_beside_the_library_under_the_models_names(
    report: TuningReport, library: Path, choice: ModelChoice
) -> None:
    assert report.path.parent == library / "tuned"
    assert (report.questions, report.articles) == (14 * 10 + 28, 14 + 28)
    written = json.loads(report.path.read_text(encoding="utf-8"))
    assert list(written["models"]) == ["encoder", "reranker", "reader"]
    assert written["models"]["encoder"] == SmallEncoder.name
    assert written["models"]["reader"].startswith("reader@")
    assert {path.name for path in report.path.parent.iterdir()} == {report.path.name}
    assert FittedWeights.of(written).to_dict() == report.weights.to_dict()


def test_an_assistant_with_these_models_uses_them_and_one_with_others_does_not(
    report: TuningReport, library: Path, choice: ModelChoice, tmp_path: Path
) -> None:
    question = f"How many tonnes of salt did {TOWNS[3]} store?"
    with open_assistant(library, choice) as tuned:
        assert tuned.is_fitted
        assert tuned.weights.to_dict() == report.weights.to_dict()
        reading = tuned.reader.read(question, tuned.stages.rerank.invoke(_found(tuned, question)).passages)
        assert reading.confidence == tuned.weights.confidence.of(question, reading.evidence)
        state = tuned.weights.confidence.state(tuned.ask(question).confidence)
        assert tuned.ask(question).state is state
    reranker = str(build_reranker(tmp_path / "reranker", "xlm-roberta"))
    for other in (None, ModelChoice(choice.reader, reranker, "cpu"), ModelChoice(None, reranker, "cpu")):
        with open_assistant(library, other) as untuned:
            assert not untuned.is_fitted
            assert untuned.weights == FittedWeights.shipped()


def _found(assistant: Assistant, question: str) -> object:
    return assistant.stages.retrieve.invoke(assistant.stages.understand.invoke(question))


def test_the_figures_are_better_than_those_of_weights_for_other_models(report: TuningReport) -> None:
    assert 0 <= report.tuned.sentence_right <= 1
    assert report.tuned.sentence_right >= report.shipped.sentence_right
    assert report.tuned.calibration_error < report.shipped.calibration_error
    assert report.tuned.answered_wrongly <= 0.09 + 1e-9


def test_every_wording_is_asked_or_those_in_one_language(library: Path, choice: ModelChoice, exam: Path) -> None:
    wordings = read_wordings(exam)
    assert [question.id for question in wordings[:3]] == ["0-0", "0-0", "0-1"]
    assert len(wordings) == 14 * 10 + 28 + 1
    with open_assistant(library, choice) as assistant, pytest.raises(EvaluationError, match="has no question_fr"):
        tune(exam, assistant, language="fr")


def test_a_small_exam_is_refused_with_how_many_it_takes(
    library: Path, choice: ModelChoice, exam: Path, tmp_path: Path
) -> None:
    lines = exam.read_text(encoding="utf-8").splitlines(keepends=True)
    few, easy = tmp_path / "few.jsonl", tmp_path / "elsewhere.jsonl"
    few.write_text("".join(lines[:30]), encoding="utf-8")
    easy.write_text(lines[0].replace("depot-0", "nowhere"), encoding="utf-8")
    with open_assistant(library, choice) as assistant:
        with pytest.raises(EvaluationError, match=rf"few.jsonl is too small.*takes {FEWEST_ANSWERED} such questions"):
            tune(few, assistant)
        with pytest.raises(EvaluationError, match="is in the library"):
            tune(easy, assistant)
    assert (FEWEST_ANSWERED, FEWEST_ARTICLES, FEWEST_UNANSWERED) == (100, 10, 20)


def test_weights_that_cannot_be_read_are_named_with_the_way_out(tmp_path: Path, choice: ModelChoice) -> None:
    with Library.open(tmp_path, encoder=SmallEncoder()):
        pass
    with open_assistant(tmp_path, choice) as assistant:
        path = tuned_file(tmp_path, assistant.models.names)
    path.parent.mkdir()
    for text in ("{", "{}", "[]", '{"ranker": {"weights": {}}, "answerability": {}}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(LibraryError, match=r"cannot be read.*khabar tune EXAM.jsonl, or delete the file"):
            open_assistant(tmp_path, choice)


def test_files_of_models_with_like_names_differ() -> None:
    names = ModelNames("intfloat/multilingual-e5-base+prompts", "late-interaction", "a/b")
    assert names.file == "intfloat-multilingual-e5-base-prompts+late-interaction+a-b+" + names.file[-13:]
    assert names.file != ModelNames("intfloat/multilingual-e5-base+prompts", "late-interaction", "a-b").file
    assert len(ModelNames("e" * 900, "r" * 900, "s" * 900).file) < 200
