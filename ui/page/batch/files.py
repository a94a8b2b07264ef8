"""Files of questions as a browser hands them over, and tables of answers on their way to it."""

import base64
import binascii
import re
import tempfile
from pathlib import Path

from index.errors import QueryError
from qa.batch import QuestionList, read_questions
from qa.batch.tables import AnswerTable, write_table

# More is no list of questions that a page would ask.
LARGEST = 2 * 1024 * 1024
# What a page hands out.
FORMS = ("xlsx", "csv")
_LONGEST_NAME = 80


def questions_of(name: str, written: str) -> QuestionList:
    """Read a file that came as base64; raises `QueryError` for one too large, and what `read_questions` raises."""
    if len(written) > LARGEST * 4 // 3 + 4:
        raise QueryError("The file is larger than 2 MB. Split it, or have it asked by: khabar ask --batch")
    try:
        content = base64.b64decode(written, validate=True)
    except binascii.Error as error:
        # A page may send anything.
        raise QueryError("The file did not come whole. Choose it again.") from error
    # Its own name, in messages and for its ending; nothing of it leads anywhere.
    safe = re.sub(r"[^\w.\- ]", "_", Path(name).name)[-_LONGEST_NAME:].lstrip(".") or "questions.txt"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / safe
        path.write_bytes(content)
        return read_questions(path)


def file_of(table: AnswerTable, form: str) -> str:
    """Return a table as base64 of a file of a form."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"answers.{form}"
        write_table(path, table)
        return base64.b64encode(path.read_bytes()).decode()
