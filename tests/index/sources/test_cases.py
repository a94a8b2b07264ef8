"""Reported cases about files and pages: each folder of inputs comes out as its report expects.

The inputs lie beside the project. Wire formats (38) and encodings (45) have none there: `formats/test_wires.py` and
`test_decoding.py` make theirs.
"""

from datetime import date
from functools import cache

import pytest

from index.article import Article
from index.ingest.versions import newest
from index.sources.files import Failure, find_files, load_file
from tests.support.paths import SHARED

CASES = SHARED / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="needs the cases in ../shared/cases")

BRIDGE = (
    "Transport minister Salem al-Kinani opened a new bridge over the Shatt al-Arab in Basra on Tuesday "
    "after three years of work.",
    "He said the bridge had cost 48 million dollars, was 1,200 metres long and would carry 90,000 vehicles a day.",
    "Contractor Adel Jabbar denied that the delay was due to a lack of money, saying that a flood had stopped work "
    "for seven months.",
    "Residents on the eastern bank said they had waited a long time. “My children can now walk to school,” said "
    "Huda Salim, a nurse.",
)


@cache
def taken(case: str) -> tuple[dict[str, Article], dict[str, Failure], dict[str, str]]:
    """Load a case's folder as a library does: articles by id, what gave none by name, warnings by name."""
    (folder,) = CASES.glob(f"{case}-*")
    files = find_files(folder / "in")
    items = [item for file in files.files for item in newest(load_file(file, files.root, is_named=False))]
    loaded = [item for item in items if not isinstance(item, Failure)]
    return (
        {item.article.id: item.article for item in loaded},
        {item.name: item for item in items if isinstance(item, Failure)},
        {item.place: item.warning.reason for item in loaded if item.warning},
    )


@pytest.mark.parametrize(
    ("case", "file"), [("27", "hidden.html"), ("32", "cookie.html"), ("33", "post.html"), ("28", "a.html")]
)
def test_a_page_is_its_story_and_nothing_else(case: str, file: str) -> None:
    """Without hidden text, a consent window, a stranger's post."""
    articles, failures, _ = taken(case)
    assert (articles[file].title, articles[file].text) == ("Bridge opens in Basra", "\n".join(BRIDGE))
    assert failures == {}


@pytest.mark.parametrize(
    ("case", "file", "published", "modified"),
    [
        ("28", "a.html", date(2020, 7, 10), date(2025, 1, 7)),
        ("28", "b.html", date(2020, 7, 10), date(2025, 1, 7)),
        ("29", "port.html", None, None),
        ("30", "ar.html", date(2020, 7, 10), date(2025, 1, 7)),
        ("35", "ld.html", date(2025, 10, 5), None),
    ],
)
def test_the_day_is_that_of_publication(case: str, file: str, published: date | None, modified: date | None) -> None:
    article = taken(case)[0][file]
    assert (article.published, article.modified) == (published, modified)
    assert "نشر في" not in article.text and "تحديث" not in article.text


def test_a_text_that_stands_in_the_page_s_data_alone() -> None:
    (article,) = taken("35")[0].values()
    assert article.text == " ".join(BRIDGE[:3])


def test_markup_in_json_is_read_as_it_shows() -> None:
    (article,) = taken("36")[0].values()
    assert article.title == "Bridge opens – at last"
    assert article.text.split("\n") == [
        "A bridge over the Shatt al-Arab opened on Tuesday.",
        "“It cost $48 million,” transport minister Salem al-Kinani said. More",
        "Contractor Adel Jabbar denied that the delay was due to a lack of money.",
    ]


def test_every_file_of_a_folder_ends_as_an_article_or_with_a_reason() -> None:
    articles, failures, _ = taken("39")
    assert set(articles) == {"a.txt", "letter.eml", "table.csv#2"}
    assert {name for name, failure in failures.items() if failure.skipped} == {"feed.rss", "robots.txt"}
    assert {name for name, failure in failures.items() if not failure.skipped} == {
        *("page.mhtml", "release.docx", "release.pdf", "story.php?id=3")
    }


def test_mail_that_is_saved_as_text_is_mail() -> None:
    (article,) = taken("40")[0].values()
    assert (article.title, article.published) == ("افتتاح الجسر", date(2025, 10, 5))
    assert article.text == "أعلن وزير النقل افتتاح الجسر."


def test_of_several_versions_the_newest_is_taken() -> None:
    articles, failures, _ = taken("41")
    assert [(article.id, article.text) for article in articles.values()] == [
        ("bridge", "The bridge in Basra reopened on Sunday.")
    ]
    assert {name: failure.skipped for name, failure in failures.items()} == {
        "crawl.jsonl:line 1": True,
        "crawl.jsonl:line 2": True,
    }


def test_text_in_another_encoding_is_put_right_with_a_warning() -> None:
    articles, _, warnings = taken("42")
    article = articles["mojibake.txt"]
    assert (article.title, article.language) == ("وزير النقل يعلن فتح الجسر", "ar")
    assert warnings["mojibake.txt"].startswith("This text seems damaged")


def test_presentation_forms_and_visual_order_are_put_right() -> None:
    articles, _, warnings = taken("43")
    assert articles["pres.txt"].text == "وقال الكناني إن كلفة المطار بلغت ٢٣٠ مليون دولار."
    assert articles["visual.txt"].title == "حريق" and "تسعة أشخاص في حريق شب" in articles["visual.txt"].text
    assert "order of display" in warnings["visual.txt"]


def test_one_wire_text_in_two_outlets_is_told_with_both() -> None:
    articles, _, _ = taken("46")
    assert {article.source for article in articles.values()} == {"Rafidain Wire", "Tigris Herald"}


def test_readers_comments_are_no_part_of_the_article() -> None:
    article = taken("52")[0]["com.html"]
    assert article.text.split("\n")[-1].endswith("to support the appeal of the defence.")
    assert not any(word in article.text for word in ("28 minutes ago", "bribed", "poor example"))
