"""Beside turns of trainings, on the page of the number: how many different persons the lists of trainees tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.periods import year_of
from programmes.choices import MeasureSource
from reports.panels import Panel
from trainings.queries import persons_by_unit

if TYPE_CHECKING:
    from django.http import HttpRequest

    from reports.queries.figure import FigurePage
    from reports.queries.scope import Scope


def _persons(request: HttpRequest, scope: Scope, page: FigurePage) -> dict[str, Any]:
    """Persons of the year at the unit that is shown, which the person at work may see; nothing for other measures."""
    year = year_of(page.period)
    counted = page.measure.source == MeasureSource.TRAININGS
    found = persons_by_unit([scope.unit.pk], year)[scope.unit.pk] if counted else None
    return {"persons": found, "year": year, "unit": scope.unit}


PERSONS = Panel(key="so-nguoi", order=5, template="reports/persons.html", context=_persons)
