"""The starter catalogue: 82 indicators over their measures, as shipped in `programmes/data/`.

`indicator_catalogue.csv` is the researched list with its sources; `indicators.csv` says of which measures each of its
rows is made, `measures.csv` defines them, `articles.csv` names the press articles among the sources. Loading creates
what is missing and leaves every existing row as its keeper edited it, unless a refresh is asked for.
"""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from core.dates import format_date
from core.text import nfc
from programmes.actions import register_units
from programmes.choices import MeasureSource
from programmes.models import Indicator, Measure

DATA = Path(__file__).parent / "data"
_BARE_NUMBER = re.compile(r"[<>= 0-9.,;]+")


@dataclass(frozen=True)
class Loaded:
    """What a run did: rows created, and existing rows set back to the shipped text."""

    measures: int = 0
    indicators: int = 0
    refreshed: int = 0


@transaction.atomic
def load(*, refresh: bool = False) -> Loaded:
    """The whole starter catalogue. Safe to repeat; `refresh` overwrites edits with what is shipped."""
    new_measures, refreshed = _load_measures(_rows("measures.csv"), refresh)
    _count_units(new_measures)
    new_indicators, more = _load_indicators(refresh)
    return Loaded(new_measures, new_indicators, refreshed + more)


@transaction.atomic
def load_registered(*, refresh: bool = False) -> Loaded:
    """Only the measures that are computed from records (`programmes.registered`), without indicators."""
    computed = [row for row in _rows("measures.csv") if row["source"] != MeasureSource.FORM]
    created, refreshed = _load_measures(computed, refresh)
    _count_units(created)
    return Loaded(measures=created, refreshed=refreshed)


def _count_units(created: int) -> None:
    """Units that were there before the measures of their register are counted now."""
    if created:
        register_units()


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [{key: nfc(value) for key, value in row.items()} for row in csv.DictReader(file)]


def _load_measures(rows: Iterable[dict[str, str]], refresh: bool) -> tuple[int, int]:
    """Created and refreshed. A whole stands before its parts in the file."""
    known = {measure.code: measure for measure in Measure.objects.all()}
    created = refreshed = 0
    for row in rows:
        measure = known.get(row["code"])
        if measure is None:
            known[row["code"]] = Measure.objects.create(code=row["code"], **_measure_values(row, known))
            created += 1
        elif refresh:
            refreshed += _set_back(measure, _measure_values(row, known))
    return created, refreshed


def _measure_values(row: dict[str, str], known: dict[str, Measure]) -> dict[str, Any]:
    return {
        "name": row["name_vi"],
        "name_en": row["name_en"],
        "kind": row["kind"],
        "unit_of_measure": row["unit"],
        "decimals": int(row["decimals"]),
        "source": row["source"],
        "whole": known[row["whole"]] if row["whole"] else None,
        "entered_at": row["entered_at"].split(),
        "minimum": Decimal(row["minimum"]),
        "maximum": Decimal(row["maximum"]) if row["maximum"] else None,
        "group": row["group"],
        "order": int(row["order"]),
        "help_text": row["help"],
    }


def _load_indicators(refresh: bool) -> tuple[int, int]:
    measures = {measure.code: measure for measure in Measure.objects.all()}
    known = {indicator.code: indicator for indicator in Indicator.objects.all()}
    made_of = {row["code"]: row for row in _rows("indicators.csv")}
    articles = {row["key"]: row["title"] for row in _rows("articles.csv")}
    created = refreshed = 0
    for place, row in enumerate(_rows("indicator_catalogue.csv"), start=1):
        values = _indicator_values(row, made_of[row["code"]], measures) | {
            "source_text": _sources(row["source"], articles),
            "order": place * 10,
        }
        indicator = known.get(row["code"])
        if indicator is None:
            Indicator.objects.create(code=row["code"], **values)
            created += 1
        elif refresh:
            refreshed += _set_back(indicator, values)
    return created, refreshed


def _indicator_values(row: dict[str, str], made_of: dict[str, str], measures: dict[str, Measure]) -> dict[str, Any]:
    return {
        "name": row["name_vi"],
        "name_en": row["name_en"],
        "group": row["group"],
        "numerator": measures[made_of["numerator"]],
        "denominator": measures[made_of["denominator"]] if made_of["denominator"] else None,
        "direction": row["direction"],
        "window": made_of["window"],
        "unit_label": made_of["unit"],
        "decimals": int(made_of["decimals"]),
        "frequency": row["frequency_proposed"],
        "note": _note(row, made_of),
    }


def _sources(cell: str, articles: dict[str, str]) -> str:
    """One source on each line: an address, or the title of a press article."""
    return "\n".join(articles.get(part, part) for part in cell.split(" ; "))


def _note(row: dict[str, str], made_of: dict[str, str]) -> str:
    """The remark, the published target and an example value, each on a line of its own."""
    target = made_of["target"] or _published_target(row, made_of["unit"])
    example = made_of["example"] or row["example_value"]
    lines = [
        made_of["note"],
        f"Mục tiêu đã công bố: {target}." if target else "",
        f"Ví dụ: {example}." if example else "",
    ]
    return "\n".join(line for line in lines if line)


def _published_target(row: dict[str, str], unit: str) -> str:
    value, until, scope = row["target_value"], row["target_date"], row["target_scope"]
    if not value:
        return ""
    if unit == "%" and _BARE_NUMBER.fullmatch(value):
        value = " ; ".join(f"{part.strip()}%" for part in value.split(";"))
    with contextlib.suppress(ValueError):  # otherwise a year, several years, or "hằng năm"
        until = format_date(date.fromisoformat(until))
    parts = [value, until if until.startswith("hằng") or not until else f"đến {until}", scope]
    return ", ".join(part for part in parts if part)


def _set_back(record: Measure | Indicator, values: dict[str, Any]) -> int:
    """1 where a field differed from what is shipped, else 0."""
    if all(getattr(record, name) == value for name, value in values.items()):
        return 0
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
    return 1
