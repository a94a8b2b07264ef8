"""The months of the Persian (Jalali) calendar, as they are written in Latin letters."""

JALALI_MONTHS = {
    1: ("farvardin",),
    2: ("ordibehesht",),
    3: ("khordad",),
    4: ("tir",),
    5: ("mordad", "amordad"),
    6: ("shahrivar",),
    7: ("mehr",),
    8: ("aban",),
    9: ("azar",),
    10: ("dey",),
    11: ("bahman",),
    12: ("esfand",),
}
