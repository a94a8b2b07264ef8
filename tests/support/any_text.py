"""Strategies for text as it comes: Arabic, what normalisation must survive, and anything at all."""

from hypothesis import strategies as st

ARABIC = st.text(st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئىةگپچکی\u0640\u064b\u064e\u0651\u0652\u0670 .،؟"))
ODDITIES = st.text(
    st.sampled_from(
        'ﷲﻻﷺﻼﬁßİıǅÀé\u0301\u0308١٢٣۴५½²가😀\u200d👩🏽\ufe0f\u200f\u202b\u2067\ufeff\x00\r\n\t \u00a0\u2028«»“”".!?…。'
    )
)
PROSE = st.lists(
    st.sampled_from(
        [
            "قال الوزير إن الميناء سيفتح.",
            "وأضاف: «لن نغلقه. هذا قرار نهائي.»",
            "هل وصلت السفن؟",
            "The port of Sfax reopened on Sunday.",
            "Dr. J. Trabelsi paid 3.5 million, he said.",
            "بلغ العدد ٣٫٥ مليون..",
            "\n",
            "\n\n",
            " ",
            "كلمةطويلة" * 12,
            "👩‍👩‍👧‍👦" * 4,
            "،",
        ]
    )
).map(" ".join)
TEXTS = st.lists(st.one_of(ARABIC, ODDITIES, PROSE, st.text())).map("".join)
