"""What packs are made of: tokens, stems, tables of forms, casualty words, names of the world."""

__all__ = ()
