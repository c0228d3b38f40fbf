from submissions.queries.layout import FormLayout, Line, Rule, Section, layouts
from submissions.queries.sheets import Facts, Key, Known, Pair, Sheet, load_sheet, load_sheets
from submissions.queries.touched import touched_sheets

__all__ = [
    "Facts",
    "FormLayout",
    "Key",
    "Known",
    "Line",
    "Pair",
    "Rule",
    "Section",
    "Sheet",
    "layouts",
    "load_sheet",
    "load_sheets",
    "touched_sheets",
]
