"""The command line's options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

LibraryOption = Annotated[Path | None, typer.Option("--library", help="The library's folder [KHABAR_LIBRARY].")]
ModelOption = Annotated[str | None, typer.Option("--model", help="The encoder, by name or folder [KHABAR_MODEL].")]
ChromaOption = Annotated[
    str | None, typer.Option("--chroma-url", help="A Chroma server to use instead of files [KHABAR_CHROMA_URL].")
]
PathsArgument = Annotated[
    list[str], typer.Argument(metavar="PATH…", help="Folders, files, globs; for index, - is standard input.")
]
MapOption = Annotated[
    str | None, typer.Option("--map", help="Keys of JSON articles, such as text=body,title=headline.")
]
