"""The `khabar` command. Exit status: 0 done, 1 something failed, 2 bad input or settings, 3 no answer found.

What a command needs is imported inside it: `khabar --help` loads no model, no index and no web server.
"""

import os
import shutil
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ui import indexing, judging, operations
from ui.opening import chat_model_check, encoder_of, load_settings, open_assistant, open_library
from ui.options import ChromaOption, LibraryOption, ModelOption
from ui.telemetry import switch_off_telemetry

if TYPE_CHECKING:
    from index import Library
    from ui.settings import Settings

FAILED, BAD_INPUT, ABSTAINED = 1, 2, 3

app = typer.Typer(
    name="khabar",
    help="Ask about the news in your language; read the answer, quoted and cited, in its own.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
articles_app = typer.Typer(help="List, show and remove the articles of the library.", no_args_is_help=True)
app.add_typer(articles_app, name="articles")
app.add_typer(indexing.app)
app.add_typer(operations.app)
app.add_typer(judging.app)

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
LanguageOption = Annotated[
    list[str] | None, typer.Option("--language", help="Only articles in this language, such as ar. Repeatable.")
]
SourceOption = Annotated[list[str] | None, typer.Option("--source", help="Only this outlet. Repeatable.")]
CategoryOption = Annotated[list[str] | None, typer.Option("--category", help="Only this section. Repeatable.")]
AfterOption = Annotated[str | None, typer.Option("--after", help="Only from this day on, such as 2025-09-28.")]
BeforeOption = Annotated[str | None, typer.Option("--before", help="Only up to this day.")]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question in any language.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Show on standard error how the answer came about.")] = False,
    language: LanguageOption = None,
    source: SourceOption = None,
    category: CategoryOption = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    library: LibraryOption = None,
    model: ModelOption = None,
    chroma_url: ChromaOption = None,
    llm: LlmOption = None,
    llm_base_url: LlmUrlOption = None,
    bidi: BidiOption = None,
) -> None:
    """Answer one question, quoting the articles. Exit status 3 when they do not hold the answer."""
    from index.text import question_language
    from ui.observing import Kept, trace_text
    from ui.progress import answer_of
    from ui.terminal import answer_terminal

    settings = load_settings(
        library=library, model=model, chroma_url=chroma_url, llm=llm, llm_base_url=llm_base_url, bidi=bidi
    )
    kept = Kept()
    with open_assistant(settings, kept) as assistant:
        events = assistant.stream(
            question, language=language, source=source, category=category, after=after, before=before
        )
        answer = answer_of(events, question_language(question))
    if trace and kept.trace:
        typer.echo(trace_text(kept.trace), err=True)
    typer.echo(answer.to_json() if as_json else answer_terminal(answer, bidi=settings.bidi, width=_width()))
    if answer.abstained:
        raise typer.Exit(ABSTAINED)


@app.command()
def chat(
    language: LanguageOption = None,
    source: SourceOption = None,
    category: CategoryOption = None,
    after: AfterOption = None,
    before: BeforeOption = None,
    library: LibraryOption = None,
    model: ModelOption = None,
    chroma_url: ChromaOption = None,
    llm: LlmOption = None,
    llm_base_url: LlmUrlOption = None,
    bidi: BidiOption = None,
) -> None:
    """Ask questions one after another in the terminal; /help tells the commands."""
    from index import Filters
    from ui.chat import chat as run_chat

    settings = load_settings(
        library=library, model=model, chroma_url=chroma_url, llm=llm, llm_base_url=llm_base_url, bidi=bidi
    )
    filters = {"language": language, "source": source, "category": category, "after": after, "before": before}
    Filters.of(language=language, source=source, category=category, after=after, before=before)
    with open_assistant(settings) as assistant:
        run_chat(assistant, filters, bidi=settings.bidi, width=_width())


@app.command()
def serve(
    host: Annotated[str | None, typer.Option("--host", help="The address to listen on [KHABAR_HOST].")] = None,
    port: Annotated[int | None, typer.Option("--port", help="The port to listen on [KHABAR_PORT].")] = None,
    auth_file: Annotated[
        Path | None, typer.Option("--auth-file", help="Who may read: see khabar password [KHABAR_AUTH_FILE].")
    ] = None,
    mcp: Annotated[bool | None, typer.Option("--mcp", help="Be an MCP server too [KHABAR_MCP].")] = None,
    library: LibraryOption = None,
    model: ModelOption = None,
    chroma_url: ChromaOption = None,
    llm: LlmOption = None,
    llm_base_url: LlmUrlOption = None,
) -> None:
    """Serve the chat to a browser, by default at http://127.0.0.1:7860/, until Ctrl-C."""
    from ui.serve import serve as run_server

    run_server(
        load_settings(
            host=host, port=port, auth_file=auth_file, mcp=mcp, library=library, model=model, chroma_url=chroma_url,
            llm=llm, llm_base_url=llm_base_url,
        )
    )  # fmt: skip


@articles_app.command("list")
def list_articles(
    language: LanguageOption = None,
    source: SourceOption = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most this many, the newest.")] = None,
    library: LibraryOption = None,
    model: ModelOption = None,
    chroma_url: ChromaOption = None,
    bidi: BidiOption = None,
) -> None:
    """List articles, newest first, a line each: id, date, language, source, title, with tabs between."""
    from index import Filters
    from ui.terminal import article_row

    settings = load_settings(library=library, model=model, chroma_url=chroma_url, bidi=bidi)
    with open_library(settings) as opened:
        for article in opened.articles(Filters.of(language=language, source=source), limit=limit):
            typer.echo(article_row(article, bidi=settings.bidi))


@articles_app.command("show")
def show_article(
    id: Annotated[str, typer.Argument(metavar="ID", help="An id as `khabar articles list` shows it.")],
    revision: Annotated[int | None, typer.Option("--revision", min=1, help="An earlier state of it.")] = None,
    library: LibraryOption = None,
    model: ModelOption = None,
    chroma_url: ChromaOption = None,
    bidi: BidiOption = None,
) -> None:
    """Print an article, and when each of its revisions was added."""
    from ui.terminal import article_terminal

    settings = load_settings(library=library, model=model, chroma_url=chroma_url, bidi=bidi)
    with open_library(settings) as opened:
        article, revisions = opened.article(id, revision), opened.revisions(id)
    typer.echo(article_terminal(article, bidi=settings.bidi, width=_width()))
    typer.echo()
    for found in revisions:
        current = ", current" if found.current else ""
        typer.echo(f"revision {found.number}: added {found.added:%Y-%m-%d %H:%M:%S} UTC{current}")


@articles_app.command("remove")
def remove_articles(
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Ids as `khabar articles list` shows them.")],
    library: LibraryOption = None,
    model: ModelOption = None,
    chroma_url: ChromaOption = None,
) -> None:
    """Withdraw articles, with all their revisions; nothing is removed when an id is unknown."""
    with open_library(load_settings(library=library, model=model, chroma_url=chroma_url)) as opened:
        typer.echo(f"{opened.remove(ids)} removed")


@app.command()
def doctor(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Chunk and encode every article anew, whatever made the library.")
    ] = False,
    restore: Annotated[
        bool, typer.Option("--restore", help="First bring back the catalog's last automatic backup.")
    ] = False,
    library: LibraryOption = None,
    model: ModelOption = None,
    chroma_url: ChromaOption = None,
    llm: LlmOption = None,
    llm_base_url: LlmUrlOption = None,
) -> None:
    """Check the library and repair what can be repaired; ask the chat model whether it answers.

    Exit status 1 when something stays broken.
    """
    settings = load_settings(library=library, model=model, chroma_url=chroma_url, llm=llm, llm_base_url=llm_base_url)
    if restore:
        from index import Library

        backup = Library.restore_backup(settings.library)
        typer.echo(f"restored\tcatalog: from {backup}; index your articles again for what came after it")
    with _rebuilt(settings) if rebuild else open_library(settings) as opened:
        report = opened.doctor()
        typer.echo(f"ok\tencoder: {opened.encoder.name}, {opened.encoder.runtime}")
    for check in report.checks:
        outcome = "ok" if check.ok else "repaired" if check.repaired else "broken"
        typer.echo(f"{outcome}\t{check.name}: {check.detail}")
    answers = True
    if settings.llm is not None:
        answers, detail = chat_model_check(settings, settings.llm)
        typer.echo(f"{'ok' if answers else 'broken'}\tchat model: {detail}")
    if not (report.ok and answers):
        raise typer.Exit(FAILED)


@app.command("eval")
def evaluate(
    file: Annotated[Path, typer.Argument(help="Questions: SQuAD v1.1 (.json), or an exam over the library (.jsonl).")],
    paragraphs: Annotated[
        Path | None, typer.Option("--paragraphs", help="SQuAD: take paragraphs and answers from this parallel file.")
    ] = None,
    language: Annotated[
        Literal["en", "ar"] | None, typer.Option("--language", help="Exam: the wording to ask in (default en).")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most this many questions, spread evenly.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the measures as JSON.")] = False,
    items: Annotated[bool, typer.Option("--items", help="With --json: add how each question went.")] = False,
    library: LibraryOption = None,
    model: ModelOption = None,
    chroma_url: ChromaOption = None,
    llm: LlmOption = None,
    llm_base_url: LlmUrlOption = None,
) -> None:
    """Measure retrieval, answers and abstention exactly, against gold answers; no model judges."""
    import json

    from qa.evaluation import evaluate_exam, evaluate_squad
    from ui.progress import evaluation_bar

    settings = load_settings(library=library, model=model, chroma_url=chroma_url, llm=llm, llm_base_url=llm_base_url)
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
            encoder, precision = encoder_of(settings), settings.precision
            report = evaluate_squad(
                file, paragraphs, encoder=encoder, precision=precision, limit=limit, progress=update
            )
    if as_json:
        typer.echo(json.dumps(report.to_dict(items=items), ensure_ascii=False))
        return
    rows = report.rows()
    width = max(len(row.label) for row in rows)
    for row in rows:
        typer.echo(f"{row.label:<{width}}  {row.value}")


def main() -> None:
    """Run the command line and exit with its status; an expected error is one line on standard error."""
    switch_off_telemetry()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    try:
        status = app(args=list(arguments), prog_name="khabar", standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:
        # A wrong flag or a missing argument, in the words of the command line's library.
        return _complain(f"{error.format_message().rstrip('.')}. `khabar --help` shows what there is.")
    except typer.Abort:
        # Ctrl-C, as every shell counts it.
        return 130
    except BrokenPipeError:
        # Whoever read the output has gone; the interpreter must not try to flush the rest to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        # Imported here, since `khabar --help` is to load none of it; what is not ours to expect is raised as it is.
        from index.errors import KhabarError

        if not isinstance(error, KhabarError):
            raise
        return _complain(str(error))
    return status if isinstance(status, int) else 0


def _complain(message: str) -> int:
    typer.echo(f"khabar: {message}", err=True)
    return BAD_INPUT


def _rebuilt(settings: "Settings") -> "Library":
    from index import Library
    from ui.progress import sync_bar

    with sync_bar(1) as update:
        return Library.rebuild_at(
            settings.library,
            encoder=encoder_of(settings),
            chroma_url=settings.chroma_url,
            progress=partial(update, 0),
        )


def _width() -> int:
    return shutil.get_terminal_size().columns
