"""What a follow-up was understood as, and the verdicts on a chat model's sentences, as they are shown."""

from dataclasses import replace

import pytest

from qa import Answer, Assistant
from qa.answer import SupportVerdict, WrittenSentence
from ui.views.html import answer_html


@pytest.fixture(scope="module")
def answer(samples: Assistant) -> Answer:
    return samples.ask("How many people were killed in the port of Umm al-Nakhil?")


def test_a_question_as_it_was_understood_is_shown_as_text(answer: Answer) -> None:
    html = answer_html(replace(answer, standalone="Who <b> won {0}?"))
    assert '<p class="khabar-understood">Understood as: <bdi dir="ltr">Who &lt;b&gt; won {0}?</bdi></p>' in html
    assert "khabar-understood" not in answer_html(answer)


def test_each_written_sentence_has_its_verdict(answer: Answer) -> None:
    sentences = (
        WrittenSentence("Fourteen died [1].", (1,), SupportVerdict.VERIFIED),
        WrittenSentence("<i>All</i> were sailors.", (), SupportVerdict.UNSUPPORTED, "It cites nothing."),
    )
    html = answer_html(replace(answer, sentences=sentences))
    assert "checked against its sources: 50% of the sentences" in html
    assert '<li class="khabar-verified">✓ verified: ' in html
    struck = '<del><bdi dir="ltr">&lt;i&gt;All&lt;/i&gt; were sailors.</bdi></del>'
    assert f"✗ not supported: {struck} — It cites nothing." in html
    assert "khabar-checks" not in answer_html(answer)
