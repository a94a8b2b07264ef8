"""`khabar eval`, `khabar tune` and `khabar models`: measuring against gold, fitting to it, models to name."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import AssistantOptions, grouped
from ui.wiring import encoder_of, load_settings, models_of, open_assistant

if TYPE_CHECKING:
    from index.encoding.hub.presets import Preset
    from qa.tuning.tune import TuningFigures

app = typer.Typer()

_FIGURES = {
    "sentence_right": "First sentence answers",
    "answered_wrongly": "Answered wrongly",
    "abstention_auroc": "Abstention AUROC",
    "right_auroc": "AUROC of right sentences",
    "calibration_error": "Calibration error",
}


@app.command()
@grouped
def models(*, opened: AssistantOptions) -> None:
    """List models to name as encoder or reranker: size, licence, score; * is set, + is on disk."""
    from index.encoding.hub.presets import PRESETS, is_on_disk

    settings = load_settings(**asdict(opened))
    chosen = {"model": settings.model, "reranker": settings.reranker}
    for preset in PRESETS:
        marks = ("*" if chosen[preset.setting] == preset.name else " ") + ("+" if is_on_disk(preset.name) else " ")
        typer.echo(f"{marks} {preset.name}\t{_described(preset)}")
    named = {"encoder": settings.model, "reranker": settings.reranker, "reader": settings.reader}
    for part, name in named.items():
        typer.echo(f"set\t{part}: {name or 'bundled'}")


@app.command()
@grouped
def tune(
    exam: Annotated[Path, typer.Argument(metavar="EXAM.jsonl", help="Questions over the library, as for khabar eval.")],
    *,
    language: Annotated[
        str | None, typer.Option("--language", help="The wording to ask in, such as ar; default every wording.")
    ] = None,
    opened: AssistantOptions,
) -> None:
    """Fit the order of sentences and the confidence to the models that are set; kept beside the library."""
    from qa.tuning.tune import tune as fit
    from ui.cli.progress import evaluation_bar

    settings = load_settings(**asdict(opened))
    with open_assistant(settings, warn=False) as assistant, evaluation_bar() as update:
        report = fit(exam, assistant, language=language, progress=update)
    typer.echo(f"{report.questions} questions about {report.articles} articles; tuned is cross-validated by article")
    width = max(map(len, _FIGURES.values()))
    typer.echo(f"{'':<{width}}  shipped  tuned")
    for field, label in _FIGURES.items():
        typer.echo(f"{label:<{width}}  {_figure(report.shipped, field):>7}  {_figure(report.tuned, field):>5}")
    typer.echo(f"Written to {report.path}. It is used with these models over this library from now on.")


def _described(preset: "Preset") -> str:
    vector = f", {preset.dimensions} dimensions" if preset.dimensions else ""
    score = preset.score
    told = f"; {score.measure}: {score.value:g} ({score.source})" if score else ""
    return (
        f"{'encoder' if preset.setting == 'model' else 'reranker'}, {preset.parameters} million parameters{vector}, "
        f"{preset.window} tokens; {preset.licence}{told}"
    )


def _figure(figures: "TuningFigures", field: str) -> str:
    value: float = getattr(figures, field)
    # Nothing to measure it on.
    return "-" if value != value else f"{value:.3f}"


@grouped
def evaluate(
    file: Annotated[Path, typer.Argument(help="Questions: SQuAD v1.1 (.json), or an exam over the library (.jsonl).")],
    *,
    paragraphs: Annotated[
        Path | None, typer.Option("--paragraphs", help="SQuAD: take paragraphs and answers from this parallel file.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", help="Exam: the wording to ask in, such as ar; default en, or the first it has."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most this many questions, spread evenly.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the measures as JSON.")] = False,
    items: Annotated[bool, typer.Option("--items", help="With --json: add how each question went.")] = False,
    opened: AssistantOptions,
) -> None:
    """Measure retrieval, answers and abstention exactly, against gold answers; no model judges."""
    import json

    from qa.evaluation.run import evaluate_exam, evaluate_squad
    from ui.cli.progress import evaluation_bar

    settings = load_settings(**asdict(opened))
    is_exam = file.suffix == ".jsonl"
    if is_exam and paragraphs:
        raise typer.BadParameter("an exam asks over the library, not over --paragraphs")
    if not is_exam and language:
        raise typer.BadParameter("--language is for exams; a SQuAD file has one wording")
    with evaluation_bar() as update:
        if is_exam:
            with open_assistant(settings) as assistant:
                report = evaluate_exam(file, assistant, language=language, limit=limit, progress=update)
        else:
            encoder, models = encoder_of(settings), models_of(settings)
            report = evaluate_squad(file, paragraphs, encoder=encoder, models=models, limit=limit, progress=update)
    if as_json:
        typer.echo(json.dumps(report.to_dict(items=items), ensure_ascii=False))
        return
    rows = report.rows()
    width = max(len(row.label) for row in rows)
    for row in rows:
        typer.echo(f"{row.label:<{width}}  {row.value}")
