from submissions.queries.layout import Line, Section, sections_of, typed_kinds
from submissions.queries.sheets import Facts, Key, Known, Sheet, load_sheet, load_sheets

__all__ = [
    "Facts",
    "Key",
    "Known",
    "Line",
    "Section",
    "Sheet",
    "load_sheet",
    "load_sheets",
    "sections_of",
    "typed_kinds",
]
