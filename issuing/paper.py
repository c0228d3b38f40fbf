"""The PDF of a report: the fields of the letter through the typst layout, tagged, with fonts of the portal's own.

The fonts are Liberation Serif 2: the widths of Times New Roman, with every Vietnamese letter (version 1 lacks them).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

DATA = Path(__file__).parent / "data"


def pdf(fields: dict[str, Any]) -> bytes:
    """Refuses to make a document that is not accessible (PDF/UA-1): title, language, tags and reading order."""
    made = typst.compile(
        str(DATA / "bao-cao.typ"),
        root=str(DATA),
        font_paths=[str(DATA / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"fields": json.dumps(fields, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    return bytes(made)
