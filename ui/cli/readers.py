"""The commands about what readers say and who may read: `khabar feedback`, `khabar password`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ui.cli.options import CatalogOption, LibraryOption, ModelOption
from ui.wiring import load_settings, open_library

app = typer.Typer()


@app.command("feedback")
def feedback(
    file: Annotated[Path, typer.Argument(help="The exam file to write (.jsonl); it must not exist.")],
    library: LibraryOption = None,
    catalog: CatalogOption = None,
    model: ModelOption = None,
) -> None:
    """Write what readers said of answers as an exam file, which `khabar eval` reads."""
    from index import SettingsError
    from index.languages.messages import messages_for
    from qa.evaluation.exam_export import exam_questions

    settings = load_settings(library=library, catalog=catalog, model=model)
    with open_library(settings) as opened:
        given = opened.feedback.all()
    questions = exam_questions(given)
    if not questions:
        raise SettingsError(
            f"{len(given)} verdicts, and none tells a right answer: there is nothing to export yet. "
            "Readers give them below the answers of khabar serve."
        )
    lines = "".join(json.dumps(asdict(question), ensure_ascii=False) + "\n" for question in questions)
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(lines)
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror}. Name another file.") from error
    words = messages_for(settings.interface)
    typer.echo(words.count("terminal.verdicts", len(questions), verdicts=len(given)))


@app.command("password")
def password(
    name: Annotated[str, typer.Argument(help="The reader's name.")],
    file: Annotated[Path, typer.Argument(help="The file for khabar serve --auth-file; made when it is not there.")],
) -> None:
    """Set a reader's password; the file holds no password, only its bcrypt hash."""
    from index.languages.messages import messages_for
    from ui.server.signin import set_password

    said = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    set_password(file, name, said)
    typer.echo(messages_for(load_settings().interface).say("terminal.may_sign_in", name=name))
