"""Commands that keep a library going: `khabar export` and `khabar import`."""

from pathlib import Path
from typing import Annotated

import typer

from ui.opening import load_settings
from ui.options import LibraryOption

app = typer.Typer()


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    library: LibraryOption = None,
) -> None:
    """Write the whole library to one file: articles, revisions and vectors."""
    from index import export_library

    typer.echo(f"{export_library(load_settings(library=library).library, file)} articles exported")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A file that khabar export wrote.")],
    library: LibraryOption = None,
) -> None:
    """Make an exported file a library in a new folder, with the same answers."""
    from index import import_library

    typer.echo(f"{import_library(file, load_settings(library=library).library)} articles imported")
