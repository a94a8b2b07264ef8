"""A folder of files of every kind, indexed and asked: the quote is right, and the citation names its place."""

from collections.abc import Iterator

import arabic_reshaper
import pytest
from bidi import get_display

from index import Library
from qa.assistant import Assistant
from tests.support.made_files import arabic_font, docx, mail, page, pdf, warc, xlsx

pytestmark = pytest.mark.system

RELEASE = (
    ("افتتاح مستشفى الكوت", "", "قال مدير الصحة جبار الياسري يوم الأحد إن مستشفى الكوت سيضم 320 سريرا."),
    ("وأضاف الياسري أن كلفة المستشفى بلغت 75 مليار دينار عراقي.",),
)
ROWS = (
    ("title", "text", "date"),
    ("Dam closes", "The Mosul dam will close on 3 December for repairs, engineer Nabil Faris said.", "2025-11-02"),
    ("Vote repeated", "The vote in Halfaya will be repeated on 25 November, Nizar Hakim said.", "2025-11-11"),
)
PORT = (
    "Dock workers in Umm Qasr ended their strike on Friday after eleven days of talks with the ministry.",
    "Union leader Karim Adil said that wages would rise by 12 percent in January.",
    "The port had lost 9 million dollars a day, its director told reporters at the gate.",
)
LETTER = "The wheat harvest in Diyala fell by 30 percent, the farmers' union said.\n\nOmar wrote:\n> It doubled.\n"
BRIDGE = ("Bridge opens in Basra", "Minister Salem al-Kinani said that the bridge had cost 48 million dollars.")


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "export.xlsx").write_bytes(xlsx({"News": ROWS}))
    (folder / "letter.eml").write_bytes(mail("Harvest", LETTER))
    (folder / "release.docx").write_bytes(docx(BRIDGE))
    (folder / "crawl.warc.gz").write_bytes(warc({"https://h.example/port": page("Port strike ends", PORT)}))
    (folder / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    if font := arabic_font():
        pages = [[get_display(arabic_reshaper.reshape(line)) for line in lines] for lines in RELEASE]
        (folder / "بيان.pdf").write_bytes(pdf(pages, font=font))
    with Library.open(tmp_path_factory.mktemp("library")) as library:
        report = library.sync(folder)
        assert report.ok and [failure.name for failure in report.skipped] == ["logo.png"]
        yield Assistant(library)


@pytest.mark.parametrize(
    ("question", "quote", "page", "row"),
    [
        pytest.param(
            "كم بلغت كلفة مستشفى الكوت؟", RELEASE[1][0], 2, None,
            marks=pytest.mark.skipif(arabic_font() is None, reason="no font with Arabic here"),
        ),
        ("When will the vote in Halfaya be repeated?", ROWS[2][1], None, 3),
        ("By how much did the wheat harvest in Diyala fall?", LETTER.split("\n")[0], None, None),
        ("By how much will wages rise at Umm Qasr?", PORT[1], None, None),
        ("How much did the bridge in Basra cost?", BRIDGE[1], None, None),
    ],
)  # fmt: skip
def test_a_question_of_each_file(
    assistant: Assistant, question: str, quote: str, page: int | None, row: int | None
) -> None:
    (citation,) = assistant.ask(question).used[:1]
    assert (citation.quote, citation.page, citation.row) == (quote, page, row)
