"""Plain text, Markdown and web pages: which words are the title, the label, the body."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.sources.documents import parse_markdown, parse_plain, trim_blank_lines
from index.sources.metadata import Fields

BODY = (
    "أعلنت هيئة الري، يوم السبت، أن منسوب النهر انخفض متراً واحداً.\n\n"
    "  وقالت الهيئة: «لا خطر على القرى».  \nوأضافت أن الجسر مفتوح."
)
TITLE = "النهر يتراجع .. والقرى تعود إلى الحياة"


class TestPlain:
    def test_title_section_and_body(self) -> None:
        assert parse_plain(f"{TITLE}\nتقارير\n{BODY}\n") == Fields(title=TITLE, category="تقارير", text=BODY)

    def test_blank_lines_around_the_parts_are_dropped_and_those_within_kept(self) -> None:
        assert parse_plain(f"\n \n{TITLE}\n\nتقارير\n\n\n{BODY}\n\n \n") == Fields(
            title=TITLE, category="تقارير", text=BODY
        )

    def test_a_byline_is_told_from_a_section(self) -> None:
        assert parse_plain(f"{TITLE}\nتقارير\nبقلم سارة حميد\n\n{BODY}") == Fields(
            title=TITLE, category="تقارير", byline="سارة حميد", text=BODY
        )
        assert parse_plain(f"River falls\nBy Sara Hamid\n\n{BODY}").byline == "Sara Hamid"

    @pytest.mark.parametrize(
        ("line", "fields"),
        [
            ("By Ian Mercer", {"byline": "Ian Mercer"}),
            (
                "By Ian Mercer, Northern Ledger / 4 November 2025",
                {"byline": "Ian Mercer", "source": "Northern Ledger", "published": "4 November 2025"},
            ),
            (
                "By Ian Mercer and Sara Hamid, Chief Correspondents | Tuesday, November 4, 2025 10:30 GMT",
                {"byline": "Ian Mercer and Sara Hamid, Chief Correspondents", "published": "November 4, 2025"},
            ),
            ("Northern Ledger, 4 November 2025", {"source": "Northern Ledger", "published": "4 November 2025"}),
            ("4 November 2025 - Northern Ledger", {"source": "Northern Ledger", "published": "4 November 2025"}),
            ("Northern Ledger (2025-11-04)", {"source": "Northern Ledger", "published": "2025-11-04"}),
            ("Published: 4 November 2025", {"published": "4 November 2025"}),
            ("31 February 2025", {"published": "31 February 2025"}),
            ("كتب: سالم حداد", {"byline": "سالم حداد"}),
            (
                "كتبت: سارة حميد – وكالة الضفاف – ٤ تشرين الثاني/نوفمبر ٢٠٢٥",
                {"byline": "سارة حميد", "source": "وكالة الضفاف", "published": "٤ تشرين الثاني/نوفمبر ٢٠٢٥"},
            ),
            ("وكالة الضفاف، 4 تشرين الثاني 2025", {"source": "وكالة الضفاف", "published": "4 تشرين الثاني 2025"}),
            ("نُشر في: الثلاثاء 4 نوفمبر 2025 - 10:30", {"published": "4 نوفمبر 2025"}),
        ],
    )
    def test_a_line_of_author_outlet_and_day_gives_its_fields(self, line: str, fields: dict[str, str]) -> None:
        assert parse_plain(f"{TITLE}\n\n{line}\n\n{BODY}") == Fields(title=TITLE, text=BODY, **fields)

    def test_author_and_day_may_have_a_line_each_below_the_section(self) -> None:
        assert parse_plain(f"{TITLE}\nتقارير\nبقلم سارة حميد\nوكالة الضفاف، 4 تشرين الثاني 2025\n{BODY}") == Fields(
            title=TITLE,
            category="تقارير",
            byline="سارة حميد",
            source="وكالة الضفاف",
            published="4 تشرين الثاني 2025",
            text=BODY,
        )

    @pytest.mark.parametrize(
        ("line", "source", "day"),
        [
            ("بغداد – وكالة الضفاف – 4 تشرين الثاني 2025", "وكالة الضفاف", "4 تشرين الثاني 2025"),
            ("Baghdad - Rafidain Wire - 4 November 2025", "Rafidain Wire", "4 November 2025"),
            ("London, 4 November 2025", None, "4 November 2025"),
        ],
    )
    def test_a_line_that_says_more_than_its_fields_stays_in_the_text(
        self, line: str, source: str | None, day: str
    ) -> None:
        assert parse_plain(f"{TITLE}\n{line}\n\n{BODY}") == Fields(
            title=TITLE, source=source, published=day, text=f"{line}\n\n{BODY}"
        )

    def test_a_second_day_or_author_belongs_to_the_body(self) -> None:
        found = parse_plain(f"{TITLE}\n4 November 2025\n5 November 2025\n{BODY}")
        assert (found.published, found.text) == ("4 November 2025", f"5 November 2025\n{BODY}")
        assert parse_plain(f"{TITLE}\nBy Ian Mercer") == Fields(title=TITLE, text="By Ian Mercer")

    @pytest.mark.parametrize(
        "second",
        [
            *("By Saturday the river fell", "By Monday", "By the numbers", "By 2030 Iraq Plans a Dam"),
            *("By Ian Mercer’s account, the dam was closed by Saturday.", "Photo: Reuters, 4 November 2025"),
            *("The bridge opens on 14 May 2026", "Floods hit Basra, 4 November 2025", "November 2025"),
            "Baghdad, 4 November 2025 (Rafidain Wire) - The army said the road was open again",
            *("كتب الوزير على صفحته أن الجسر مفتوح", "كتب: قال الوزير إن الجسر مفتوح", "قال الوزير، 4 نوفمبر 2025"),
            "افتتح الجسر 4 تشرين الثاني 2025",
            *(
                "Rain stopped.",
                "هل انتهى الفيضان؟",
                "Officials: all clear",
                "قال الوزير، إن",
                "«لا خطر»",
                "28 September",
            ),
            *("The water fell by one metre on Saturday morning", "word " * 6 + "end"),
        ],
    )
    def test_a_sentence_under_the_title_belongs_to_the_body(self, second: str) -> None:
        assert parse_plain(f"{TITLE}\n{second}\n{BODY}") == Fields(title=TITLE, text=f"{second}\n{BODY}")

    def test_a_short_line_with_little_under_it_belongs_to_the_body(self) -> None:
        assert parse_plain("Title\nWorld news\nToo little") == Fields(title="Title", text="World news\nToo little")

    def test_a_lone_paragraph_is_the_body(self) -> None:
        assert parse_plain(BODY.replace("\n", " ")) == Fields(text=BODY.replace("\n", " "))

    def test_a_first_paragraph_is_no_title(self) -> None:
        text = "word " * 80 + "end.\n" + BODY
        assert parse_plain(text) == Fields(text=text)

    def test_a_header_in_english(self) -> None:
        header = "Title: A: colon\nSource: Tigris Herald\nDate: 28 September 2025\nByline: Sara Hamid\nURL: https://a.example/1"
        assert parse_plain(f"{header}\n\n\n{BODY}\n") == Fields(
            title="A: colon",
            source="Tigris Herald",
            published="28 September 2025",
            byline="Sara Hamid",
            url="https://a.example/1",
            text=BODY,
        )

    def test_a_header_in_arabic(self) -> None:
        header = (
            "العنوان: النهر\nالمصدر: وكالة الضفاف\nالتاريخ: ٢٨ أيلول ٢٠٢٥\n"
            "الكاتب: سلمى\nالقسم: محليات\nاللغة: العربية\nالمعرّف: 7"
        )
        assert parse_plain(f"{header}\n\n{BODY}") == Fields(
            id="7",
            title="النهر",
            source="وكالة الضفاف",
            published="٢٨ أيلول ٢٠٢٥",
            byline="سلمى",
            category="محليات",
            language="العربية",
            text=BODY,
        )

    def test_a_header_in_arabic_without_articles(self) -> None:
        assert parse_plain(f"عنوان: النهر\nمصدر: وكالة الضفاف\nتاريخ: ٢٨ أيلول ٢٠٢٥\n\n{BODY}") == Fields(
            title="النهر", source="وكالة الضفاف", published="٢٨ أيلول ٢٠٢٥", text=BODY
        )
        assert parse_plain(f"مصدر: النهر يتراجع\n\n{BODY}").title == "مصدر: النهر يتراجع"

    def test_a_header_without_a_title_leaves_it_to_the_first_line(self) -> None:
        found = parse_plain(f"Source: Tigris Herald\nDate: 2025-09-28\n\n{TITLE}\n\n{BODY}")
        assert found == Fields(title=TITLE, source="Tigris Herald", published="2025-09-28", text=BODY)

    @pytest.mark.parametrize("first", ["Source: who said it first", "Iraq: a river falls", "Title: x\nIraq: y"])
    def test_lines_with_colons_are_not_always_a_header(self, first: str) -> None:
        assert parse_plain(f"{first}\n\n{BODY}").title == first.split("\n")[0]

    @given(
        st.lists(
            st.sampled_from(
                ["By ", "كتب: ", "Ian Mercer", "وكالة", " – ", ", ", "4 November 2025", "\n", "(", ")", "ـ"]
            )
            | st.text(max_size=4),
            max_size=14,
        ).map("".join)
    )
    def test_whatever_stands_below_a_title_the_text_is_the_end_of_the_file(self, below: str) -> None:
        below = below.replace("\r", "").replace("\0", "")
        text = parse_plain(f"Title\n{below}\n{BODY}").text or ""
        assert f"{below}\n{BODY}".endswith(text) and text.endswith(BODY)

    @given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), min_size=1, max_size=200))
    def test_the_body_under_a_header_is_kept_character_for_character(self, body: str) -> None:
        assert (parse_plain(f"Title: x\n\n{body}").text or "") == trim_blank_lines(body)
        assert trim_blank_lines(body) in body
        assert trim_blank_lines(body).strip() == body.strip()


class TestMarkdown:
    def test_front_matter(self) -> None:
        front = (
            "title: River falls\nsource: Tigris Herald\ndate: 2025-09-28\nauthor: [Sara Hamid, Omar Aziz]\n"
            "section: World\nurl: https://a.example\nlang: en-GB\nid: 007\n"
        )
        assert parse_markdown(f"---\n{front}---\n\n{BODY}\n") == Fields(
            id="007",
            title="River falls",
            source="Tigris Herald",
            published="2025-09-28",
            byline="Sara Hamid, Omar Aziz",
            category="World",
            url="https://a.example",
            language="en-GB",
            text=BODY,
        )

    def test_scalars_stay_as_they_are_written(self) -> None:
        found = parse_markdown("---\nlang: no\ndate: 2025-13-45\nid: 1e3\nsource: ~\nauthor:\n---\nText")
        assert found == Fields(language="no", published="2025-13-45", id="1e3", text="Text")

    @pytest.mark.parametrize(
        "title",
        [
            *("Floods: 3 dead", "Floods: 3 dead: 'worst in years'", "“Floods”: 3 dead", "الفيضانات: مقتل ثلاثة"),
            *("Floods:", "3: the dead", "Floods: see [map] # 4", "Live: https://a.example/x?y=1"),
        ],
    )
    def test_a_title_with_a_colon_needs_no_quotes(self, title: str) -> None:
        front = f"id: 007\ntitle: {title} \nauthor: [Sara Hamid, Omar Aziz]\nsource: 'Herald: Tigris'\nlang: no"
        assert parse_markdown(f"---\n{front}\n---\n{BODY}") == Fields(
            id="007", title=title, byline="Sara Hamid, Omar Aziz", source="Herald: Tigris", language="no", text=BODY
        )
        assert parse_markdown(f"---\r\ntitle: {title}\r\n---\r\n{BODY}").title == title

    def test_a_heading_that_repeats_the_title_goes(self) -> None:
        assert parse_markdown(f"---\ntitle: River  falls\n---\n# River falls #\n\n{BODY}").text == BODY

    def test_another_heading_stays(self) -> None:
        body = f"# Background\n\n{BODY}"
        assert parse_markdown(f"---\ntitle: River falls\n---\n{body}") == Fields(title="River falls", text=body)

    def test_without_a_title_the_first_heading_is_it(self) -> None:
        assert parse_markdown(f"# {TITLE}\n\n{BODY}") == Fields(title=TITLE, text=BODY)

    def test_markup_and_rules_of_the_body_stay(self) -> None:
        body = "## Part\n\n- one **two**\n\n---\n\n> three"
        assert parse_markdown(f"---\ntitle: x\n---\n{body}").text == body

    def test_empty_front_matter(self) -> None:
        assert parse_markdown(f"---\n---\n{BODY}") == Fields(text=BODY)

    @pytest.mark.parametrize(
        ("front", "reason"),
        [
            ("---\ntitle: x\n", "Its front matter is not closed: end it with a line of three dashes."),
            (
                "---\ntitle: x\n'y': a: b\n---\n",
                "Its front matter is not YAML at line 3: put quotes around a value with a colon.",
            ),
            (
                '---\ntitle: "Floods": 3 dead\n---\n',
                "Its front matter is not YAML at line 2: put quotes around a value with a colon.",
            ),
            (
                "---\ntitle: Floods: 3 dead\nsource: [Tigris Herald\n---\n",
                "Its front matter is not YAML at line 4: put quotes around a value with a colon.",
            ),
            ("---\ntitle: Floods: 3 dead\n  date: x\n---\n", "Its front matter is not YAML at line 3: "),
            (
                "---\nx: " + "[" * 5000 + "\n---\n",
                "Its front matter is not YAML: put quotes around a value with a colon.",
            ),
            (
                "---\n- x\n---\n",
                'Its front matter holds no "key: value" lines. Write it so, or take the dashes away.',
            ),
        ],
    )
    def test_broken_front_matter(self, front: str, reason: str) -> None:
        with pytest.raises(LoadError) as caught:
            parse_markdown(front + BODY)
        assert str(caught.value).startswith(reason)
