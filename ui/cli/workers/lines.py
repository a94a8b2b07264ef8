"""A job in words: what is to be done, how it is, and what went wrong with it."""

import re
from typing import TYPE_CHECKING

from index.languages.errors import error_in
from index.store.queue import Job, JobLine, JobState
from ui.views.html import visible

if TYPE_CHECKING:
    from index.languages.messages import Messages


def job_name(job: "Job | JobLine", words: "Messages") -> str:
    """Say what a job is to do, such as "articles a.txt (+31)"."""
    return words.say(f"job.{job.kind.value}", name=_clean(job.name))


def job_problem(line: JobLine, words: "Messages") -> str:
    """Say what went wrong with a job last; empty where nothing did."""
    if line.problem:
        return _clean(error_in(words, line.problem))
    died = line.state in (JobState.STALLED, JobState.FAILED)
    return words.say("jobs.died", holder=_clean(line.holder)) if died else ""


def job_row(line: JobLine, words: "Messages") -> str:
    """Write a job on one line, tab-separated: number, what is to be done, state, tries, who has it or what failed."""
    detail = _clean(line.holder) if line.state is JobState.RUNNING else job_problem(line, words)
    state = words.say(f"job_state.{line.state.value}")
    return "\t".join([str(line.id), job_name(line, words), state, words.number(line.tries), detail or "-"])


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", visible(text))
