"""A line of JSON in the log for each question, and several observers joined to one."""

import json
import logging
import sys

from qa.tracing import Observer, Trace

_log = logging.getLogger("khabar.questions")


def all_of(*observers: Observer | None) -> Observer:
    """Join several observers; None is nobody."""

    def observe(trace: Trace) -> None:
        for observer in observers:
            if observer is not None:
                observer(trace)

    return observe


def log_line(trace: Trace) -> str:
    """Write a trace as one line of JSON. What was asked is not in it: questions are the askers' own."""
    answer = trace.answer
    return json.dumps(
        {
            "event": "question",
            "id": trace.id,
            "at": trace.at.isoformat(timespec="milliseconds"),
            "decision": answer.reason.value if answer.reason else answer.state.value,
            "confidence": answer.score,
            "threshold": trace.threshold,
            "generation": answer.generation,
            "language": answer.language,
            "candidates": len(trace.passages),
            "sentences": len(trace.evidence),
            "cited": [f"{c.article.id}@{c.revision}" for c in answer.citations],
            "milliseconds": {timing.stage: timing.milliseconds for timing in trace.timings},
        },
        ensure_ascii=False,
    )


def log_questions() -> Observer:
    """Begin to log questions to standard error, a line each, and return the observer that does it."""
    if not _log.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(message)s"))
        _log.addHandler(handler)
        _log.setLevel(logging.INFO)
        _log.propagate = False
    return lambda trace: _log.info("%s", log_line(trace))
