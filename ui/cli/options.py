"""What several commands share: their options, alone and in groups, and the exit statuses."""

import inspect
import shutil
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import typer

FAILED, BAD_INPUT, ABSTAINED = 1, 2, 3

LibraryOption = Annotated[Path | None, typer.Option("--library", help="The library's folder [KHABAR_LIBRARY].")]
CatalogOption = Annotated[
    str | None,
    typer.Option(
        "--catalog", help="A PostgreSQL database to hold the library, postgresql://user@host/db [KHABAR_CATALOG]."
    ),
]
ModelOption = Annotated[str | None, typer.Option("--model", help="The encoder, by name or folder [KHABAR_MODEL].")]
ReaderOption = Annotated[
    str | None,
    typer.Option("--reader", help="A question-answering model that reads, by name or folder [KHABAR_READER]."),
]
RerankerOption = Annotated[
    str | None,
    typer.Option("--reranker", help="A cross-encoder that orders passages, by name or folder [KHABAR_RERANKER]."),
]
DeviceOption = Annotated[
    Literal["auto", "cpu", "cuda", "mps"] | None,
    typer.Option("--device", help="Where models that are named are computed [KHABAR_DEVICE]."),
]
ChromaOption = Annotated[
    str | None,
    typer.Option("--chroma-url", help="A Chroma server for the vector index, http://host:8000 [KHABAR_CHROMA_URL]."),
]
CopiesOption = Annotated[
    Path | None,
    typer.Option("--index-copies", help="A folder that machines copy the vector index through [KHABAR_INDEX_COPIES]."),
]
PathsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH|URL…",
        help="Folders, files, globs; addresses of pages, feeds, sitemaps; - is standard input.",
    ),
]
PrivateOption = Annotated[
    bool | None,
    typer.Option(
        "--allow-private-hosts",
        help="Fetch from hosts of your own network too, this machine included [KHABAR_ALLOW_PRIVATE_HOSTS].",
    ),
]
WorkersOption = Annotated[
    bool,
    typer.Option("--workers", help="Leave fetching and encoding to `khabar worker`; needs a catalog in PostgreSQL."),
]
InterfaceOption = Annotated[
    str | None,
    typer.Option(
        "--interface",
        help="The language of Khabar's own words where it does not speak the question's, such as ar "
        "[KHABAR_INTERFACE, else LANG].",
    ),
]
MapOption = Annotated[
    str | None, typer.Option("--map", help="Keys of JSON articles, such as text=body,title=headline.")
]
LlmOption = Annotated[
    str | None, typer.Option("--llm", help="A chat model to write answers, PROVIDER:MODEL [KHABAR_LLM].")
]
LlmUrlOption = Annotated[
    str | None, typer.Option("--llm-base-url", help="Where the chat model is served [KHABAR_LLM_BASE_URL].")
]
BidiOption = Annotated[
    Literal["auto", "visual"] | None,
    typer.Option("--bidi", help="'visual' for terminals that do not order Arabic themselves [KHABAR_BIDI]."),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="The table to write: a name in .csv, .tsv, .xlsx or .jsonl.")
]
LanguageOption = Annotated[
    list[str] | None, typer.Option("--language", help="Only articles in this language, such as ar. Repeatable.")
]
SourceOption = Annotated[list[str] | None, typer.Option("--source", help="Only this outlet. Repeatable.")]
CategoryOption = Annotated[list[str] | None, typer.Option("--category", help="Only this section. Repeatable.")]
AfterOption = Annotated[str | None, typer.Option("--after", help="Only from this day on, such as 2025-09-28.")]
CollectionOption = Annotated[
    list[str] | None, typer.Option("--collection", help="Only articles in this collection. Repeatable.")
]
BeforeOption = Annotated[str | None, typer.Option("--before", help="Only up to this day.")]
NameOption = Annotated[
    list[str] | None, typer.Option("--name", help="Only articles that name this person, body or place. Repeatable.")
]
StoryOption = Annotated[
    list[str] | None,
    typer.Option("--story", help="Only articles of this story, by its id in `khabar stories`. Repeatable."),
]


def is_address(text: str) -> bool:
    """Tell whether what a user names is a web address and not a file."""
    return text.strip()[:8].lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class LibraryOptions:
    """The options of a command that opens a library."""

    library: LibraryOption = None
    catalog: CatalogOption = None
    model: ModelOption = None
    device: DeviceOption = None
    chroma_url: ChromaOption = None
    index_copies: CopiesOption = None


@dataclass(frozen=True, slots=True)
class WebOptions(LibraryOptions):
    """The options of a command that may fetch what is at web addresses."""

    allow_private_hosts: PrivateOption = None


@dataclass(frozen=True, slots=True)
class AssistantOptions(LibraryOptions):
    """The options of a command that answers."""

    reader: ReaderOption = None
    reranker: RerankerOption = None
    llm: LlmOption = None
    llm_base_url: LlmUrlOption = None


@dataclass(frozen=True, slots=True)
class TerminalOptions:
    """The options of a command that shows texts."""

    bidi: BidiOption = None
    interface: InterfaceOption = None


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """The options of a command that asks some of the articles, as `Filters.of` takes them."""

    language: LanguageOption = None
    source: SourceOption = None
    category: CategoryOption = None
    after: AfterOption = None
    before: BeforeOption = None
    name: NameOption = None
    collection: CollectionOption = None
    story: StoryOption = None


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take a group of options as one parameter: each field of the group is an option of its own."""
    signature, hints = inspect.signature(command), get_type_hints(command, include_extras=True)
    groups = {name: hints[name] for name in signature.parameters if is_dataclass(hints[name])}
    parameters: list[inspect.Parameter] = []
    for name, parameter in signature.parameters.items():
        alone = [parameter.replace(annotation=hints[name])]
        parameters += inspect.signature(groups[name]).parameters.values() if name in groups else alone

    @wraps(command)
    def run(**values: Any) -> None:
        made = {
            name: group(**{field.name: values.pop(field.name) for field in fields(group)})
            for name, group in groups.items()
        }
        command(**values, **made)

    named = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in parameters]
    run.__signature__ = signature.replace(parameters=named)  # type: ignore[attr-defined]
    return run


def terminal_width() -> int:
    """Return how many columns the terminal has."""
    return shutil.get_terminal_size().columns
