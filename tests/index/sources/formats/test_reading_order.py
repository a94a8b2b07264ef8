"""Lines of Arabic that character recognition gives from the wrong end, and lines that it gives as they are."""

import pytest

from index.sources.formats.pdf.reading_order import in_reading_order


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("ةرصبلا رسج حاتتفا", "افتتاح جسر البصرة"),
        # Figures stand as they are; a stroke or a mark before a word is its alef.
        (".رالود نويلم 48 تغلب رسجل!| ةفلك نإ", "إن كلفة الجسر بلغت 48 مليون دولار."),
        (".لمعل! نم تاونس ثالث دعب برعلا طش ىلع", "على شط العرب بعد ثلاث سنوات من العمل."),
    ],
)
def test_a_line_from_the_wrong_end_is_turned_around(given: str, read: str) -> None:
    assert in_reading_order(given) == read


@pytest.mark.parametrize(
    "line",
    [
        "أعلن وزير النقل سالم الكناني يوم الثلاثاء افتتاح الجسر الجديد!",
        "ونفى المقاول عادل جبار أن يكون التأخير بسبب نقص التمويل.",
        "لا إله إلا الله", "كلا، قال رئيس البلدية", "مثلا", "فضلا عن ذلك",
        "The bridge opened | on Tuesday!", "48 | 90", "",
    ],
)  # fmt: skip
def test_every_other_line_stays_as_it_is(line: str) -> None:
    assert in_reading_order(line) == line


def test_each_line_is_told_by_itself() -> None:
    assert in_reading_order("ةرصبلا رسج حاتتفا\n\nألف مركبة في اليوم.") == "افتتاح جسر البصرة\n\nألف مركبة في اليوم."
