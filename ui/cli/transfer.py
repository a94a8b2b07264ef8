"""Commands that keep a library going: `khabar export` and `khabar import`."""

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.options import CatalogOption, LibraryOption
from ui.wiring import act_as_command, load_settings

app = typer.Typer()


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    library: LibraryOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Write the whole library to one file: articles, revisions and vectors."""
    from index import export_library
    from index.languages.messages import messages_for

    settings = load_settings(library=library, catalog=catalog)
    act_as_command()
    count = export_library(settings.library, file, catalog=settings.catalog)
    typer.echo(messages_for(settings.interface).count("terminal.exported", count))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A file that khabar export wrote.")],
    library: LibraryOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Make an exported file a library in a new folder or database, with the same answers."""
    from index import import_library
    from index.languages.messages import messages_for

    settings = load_settings(library=library, catalog=catalog)
    act_as_command()
    count = import_library(file, settings.library, catalog=settings.catalog)
    typer.echo(messages_for(settings.interface).count("terminal.imported", count))
