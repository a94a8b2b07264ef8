"""Many questions at once on the page: the file that is given, how far it is, the table or the grid. Pure functions."""

from collections.abc import Sequence

from markupsafe import Markup

from index.analysis import direction, question_language
from index.languages.messages import Messages
from qa.answer import State
from qa.batch import AnswerRow, BatchAnswer, GridCell, GridColumn, GridRow
from ui.state.batch import BatchWork
from ui.views import phrases
from ui.views.markup import NOTHING, button, element, isolated, join, known, spoken

# What the browser lets be chosen; `read_questions` reads these.
_FILES = ".csv,.tsv,.tab,.txt,.xlsx,.xlsm"
_FORMS = (("xlsx", "Excel"), ("csv", "CSV"))
# The columns of a table of answers.
COLUMNS = ("question", "state", "quote", "speaker", "source", "day")
# Colours of sides, by number; those after the last share it.
_SIDES = 4


def intro_html(words: Messages, most: int) -> Markup:
    """Say what this part of the page is for, and offer to choose a file."""
    # The browser's own button speaks the browser's language.
    field = Markup(f'<input type="file" class="khabar-batch-file khabar-unseen" accept="{_FILES}">')
    choose = element("label", words.say("batch.file"), field, class_="khabar-batch-choose")
    hint = element("p", words.count("batch.hint", most))
    return spoken("section", "khabar-batch", words, element("h2", words.say("batch.title")), hint, choose)


def given_html(work: BatchWork, words: Messages) -> Markup:
    """Name the file whose questions are asked as well, and offer to let it go; "" without one."""
    if not work.file:
        return NOTHING
    said = words.count("batch.given", len(work.given.questions), file=work.file)
    drop = button("khabar-batch-drop", "✕", aria_label=words.say("batch.drop", file=work.file))
    return spoken("p", "khabar-batch-given", words, isolated(said), " ", drop, role="status")


def work_html(work: BatchWork, words: Messages, said: str = "") -> Markup:
    """Show how far it is and what has come of it; `said` is why nothing was asked."""
    told = element("p", said, class_="khabar-failure", role="alert") if said else NOTHING
    if not work.asked.questions:
        return spoken("section", "khabar-batch", words, told) if told else NOTHING
    parts = [told, _progress(work, words)]
    if work.rows:
        parts += [_files(words), _notes(work, words), _table(work, words)]
    return spoken("section", "khabar-batch", words, *parts)


def handed_html(name: str, content: str, time: str) -> Markup:
    """Hand a file to the browser, as base64, to be saved there; `time` tells one time from another."""
    return element("data", class_="khabar-handed", value=content, data_name=name, data_time=time)


def _progress(work: BatchWork, words: Messages) -> Markup:
    done, total = len(work.rows), len(work.asked.questions)
    key = "batch.asking" if work.is_running else "batch.stopped" if done < total else "batch.done"
    line = element("p", words.say(key, done=done, total=total), role="status")
    if not work.is_running:
        return line
    return join([line, element("progress", max=total, value=done, aria_label=words.say("batch.progress"))])


def _files(words: Messages) -> Markup:
    forms = (button("khabar-batch-hand", label, value=form) for form, label in _FORMS)
    return element("p", words.say("batch.save"), " ", join(forms, " "), class_="khabar-batch-files")


def _notes(work: BatchWork, words: Messages) -> Markup:
    differing = sum(isinstance(row, GridRow) and bool(row.pairs) for row in work.rows)
    said = [words.count("terminal.left_out", work.left_out)] if work.left_out else []
    said += [words.count("batch.differing", differing)] if differing else []
    return join(element("p", line, class_="khabar-note") for line in said)


def _table(work: BatchWork, words: Messages) -> Markup:
    name = words.say("batch.answers")
    names = [words.say(f"batch.column_{column}") for column in COLUMNS]
    if work.across is not None:
        # A column is named by an outlet, a day or a title, in any language.
        names = [names[0], *(isolated(column.name) for column in work.columns)]
    head = element("tr", *(element("th", column, scope="col") for column in names))
    rows = (_row(number, row, work, words) for number, row in enumerate(work.rows))
    caption = element("caption", name, class_="khabar-unseen")
    table = element("table", caption, element("thead", head), element("tbody", *rows))
    return element("div", table, class_="khabar-batch-scroll", role="region", aria_label=name, tabindex="0")


def _row(number: int, row: AnswerRow | GridRow, work: BatchWork, words: Messages) -> Markup:
    question = row.question.text
    head = element("th", question, scope="row", dir=direction(question), lang=known(question_language(question)))
    if row.error is not None:
        width = len(work.columns) if work.across is not None else 5
        return element("tr", head, element("td", row.error, colspan=width, class_="khabar-failure"))
    if isinstance(row, AnswerRow):
        return element("tr", head, *_cells(number, row.answer, words))
    cells = (_cell(number, place, cell, work.columns, words) for place, cell in enumerate(row.cells))
    return element("tr", head, *cells)


def _cells(number: int, answer: BatchAnswer | None, words: Messages) -> list[Markup]:
    """Return the cells of a table of answers: state, quote, speaker, outlet, day."""
    if answer is None:
        return [element("td")] * 5
    others = (element("p", isolated(quote), class_="khabar-batch-other") for quote in answer.other_quotes)
    quote = join([_quote(answer, f"{number}:0"), *others]) if answer.quote else join(_noted(answer))
    day = words.day(answer.day) if answer.day else ""
    said = [words.say(f"state.{answer.state}"), quote, answer.speaker or "", answer.outlet or "", day]
    state, quoted, speaker, outlet, shown_day = said
    return [
        element("td", state, class_=f"khabar-batch-{answer.state}"), element("td", quoted, class_="khabar-batch-quote"),
        element("td", isolated(speaker)), element("td", isolated(outlet)), element("td", isolated(shown_day)),
    ]  # fmt: skip


def _noted(answer: BatchAnswer) -> list[Markup]:
    return [element("p", isolated(note)) for note in answer.notes]


def _quote(answer: BatchAnswer, key: str) -> Markup:
    quote = answer.quote or ""
    shown = element("span", quote, dir=direction(quote))
    return button("khabar-batch-quoted", shown, value=key)


def _cell(number: int, place: int, cell: GridCell, columns: Sequence[GridColumn], words: Messages) -> Markup:
    """Show what a column says; one that contradicts others is marked by its side, and names them."""
    answer = cell.answer
    if answer is None:
        return element("td")
    if answer.state is State.NOT_FOUND or answer.quote is None:
        return element("td", words.say("grid.silent"), class_="khabar-batch-silent")
    perhaps = element("small", words.say("state.perhaps")) if answer.state is State.PERHAPS else NOTHING
    column = columns[place]
    said = [answer.speaker] if answer.speaker else []
    said += [answer.outlet] if answer.outlet and column.source is None and column.article is None else []
    said += [phrases.day(words, answer.day)] if answer.day and column.day is None and column.article is None else []
    origin = element("small", join([isolated(part) for part in said], " · ")) if said else NOTHING
    others = [isolated(columns[other].name) for other in cell.against if other != place]
    own = [words.say("batch.itself")] if place in cell.against else []
    against = [*others, *own]
    marked = element("small", "≠ ", join(against, words.template("list_comma")), class_="khabar-batch-against")
    side = f"khabar-batch-side khabar-batch-side-{min(cell.side, _SIDES - 1)}" if cell.side is not None else None
    parts = [perhaps, _quote(answer, f"{number}:{place}"), origin, marked if against else NOTHING]
    return element("td", *parts, class_=side)
