"""The outlines of the provinces as files that browsers keep: static/img/vn-YEAR.svg from units/data.

Run it again when the outlines change; a test compares both.
"""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
YEARS = (2024, 2025)


def drawn(year: int) -> str:
    """One path for each province, named by its code."""
    file = json.loads((ROOT / f"units/data/vn_map_{year}.json").read_text(encoding="utf-8"))
    paths = [f'<path id="p{code}" d="{shape["path"]}"/>' for code, shape in file["provinces"].items()]
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg"><!-- {file["source"]} -->', *paths, "</svg>\n"])


def target(year: int) -> Path:
    return ROOT / f"static/img/vn-{year}.svg"


if __name__ == "__main__":
    for year in YEARS:
        target(year).write_text(drawn(year), encoding="utf-8")
