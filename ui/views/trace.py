"""A question's whole path as text for people."""

from qa.answer import Role
from qa.tracing import Trace
from ui.views.html import visible

_SHOWN = 10


def trace_text(trace: Trace) -> str:
    """Lay out a question's whole path for people: passages, sentences, decision, times."""
    answer = trace.answer
    times = ", ".join(f"{timing.stage} {timing.milliseconds:.0f} ms" for timing in trace.timings)
    cited = {(c.article.id, c.start): c for c in answer.citations if c.role is Role.USED}
    lines = [
        f"question {trace.id}: language {answer.language}, generation {answer.generation}; {times}",
        f"found {len(trace.passages)} passages (score by late interaction; cosine; article, characters):",
    ]
    for number, item in enumerate(trace.passages, 1):
        passage, cosine = item.candidate.passage, item.candidate.similarity
        shown = f"{cosine:.3f}" if cosine is not None else "words"
        also = f", also in {len(item.also_in)}" if item.also_in else ""
        lines.append(f"  {number:2} {item.score:6.3f} {shown} {passage.article_id} {passage.start}-{passage.end}{also}")
    lines.append(f"read {len(trace.evidence)} sentences; the best {_SHOWN}, * quoted (score; article, characters):")
    for evidence in trace.evidence[:_SHOWN]:
        id_, span = evidence.ranked.candidate.article.id, evidence.sentence
        mark = "*" if (id_, span.start) in cited else " "
        lines.append(f"  {mark} {evidence.score:7.3f} {id_} {span.start}-{span.end} {evidence.quote[:70]}")
    decision = f"does not answer: {answer.reason.value}" if answer.reason else "answers"
    lines.append(f"confidence {answer.score:.3f}, threshold {trace.threshold:.3f}: {decision}")
    return "\n".join(visible(line.replace("\n", " ")) for line in lines)
