"""Why a number changed between two months."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import signed_in
from core.kept import kept
from core.lists import EXPORT
from core.periods import label as month_label
from core.periods import parse_month
from programmes.choices import MeasureKind
from programmes.models import Indicator
from reports.explaining import files
from reports.explaining.change import Change, change_of
from reports.explaining.parts import Part
from reports.explaining.pictures import picture, sentence, step_unit, step_words, value_words
from reports.explaining.rounding import apportioned
from reports.explaining.rows import FROM, Explanation, explained
from reports.queries.moves import compared_month
from reports.queries.scope import FIRST_MONTH, Scope, read_scope
from reports.views import frame
from units.models import Unit

SHORTCUTS = (1, 3, 6, 12)  # months back


@signed_in
@require_safe
def why(request: HttpRequest, pk: int, indicator_pk: int) -> HttpResponseBase:
    """The change of an indicator at a unit between two months of the address, as a page or as a file."""
    if request.GET.get(EXPORT) not in ("csv", "xlsx"):
        return page(request, pk, indicator_pk)
    scope, indicator, first = _asked(request, pk, indicator_pk)
    change = change_of(scope, indicator, first)
    if change is None:
        return page(request, pk, indicator_pk)
    return files.file_of(explained(change, request.user), request.GET[EXPORT])


@kept
def page(request: HttpRequest, pk: int, indicator_pk: int) -> HttpResponse:
    scope, indicator, first = _asked(request, pk, indicator_pk)
    change = change_of(scope, indicator, first)
    context = {
        "indicator": indicator,
        "first": first,
        "first_text": month_label(first),
        "shortcuts": _shortcuts(scope, first),
        "export_links": _export_links(request) if change else [],
        **(_told(change, request) if change else {"nothing": _nothing(indicator)}),
    }
    return render(request, "reports/why.html", {**frame(request, scope), **context})


def _asked(request: HttpRequest, pk: int, indicator_pk: int) -> tuple[Scope, Indicator, int]:
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    chosen = get_object_or_404(Indicator.objects.select_related("numerator", "denominator"), pk=indicator_pk)
    scope = read_scope(unit, request.GET, request.user, timezone.localdate())
    if FROM not in request.GET:  # in a running month most units have not reported yet
        scope = replace(scope, month=compared_month(scope))
    return scope, chosen, _read_first(request.GET.get(FROM, ""), scope)


def _read_first(text: str, scope: Scope) -> int:
    """The earlier month of the address; the month before where it is absent, unreadable or not earlier."""
    try:
        month = parse_month(text.replace("-", "/"))
    except ValueError:
        return scope.month - 1
    return min(max(month, FIRST_MONTH - 1), scope.month - 1)


def _told(change: Change, request: HttpRequest) -> dict[str, Any]:
    found = explained(change, request.user)
    return {
        "found": found,
        "picture": picture(found),
        "sentence": sentence(found),
        "now_words": value_words(change.indicator, found.now) if found.now != found.before else "",
        "then_words": value_words(change.indicator, found.before),
        "step_unit": step_unit(change.indicator),
        "parts": _parts(found),
        **_by_both(found),
    }


def _by_both(found: Explanation) -> dict[str, str]:
    """How much of what units did came by the numerator, and how much by the denominator."""
    by_numerator, by_denominator = found.change.really()
    if not (by_numerator and by_denominator):
        return {}
    whole = sum((part.points for part in found.parts if part.part in (Part.GAINED, Part.LOST)), Decimal(0))
    both = apportioned([by_numerator, by_denominator], whole, found.decimals)
    return {"by_numerator": step_words(both[0]), "by_denominator": step_words(both[1])}


def _parts(found: Explanation) -> list[dict[str, Any]]:
    """The parts with their rows as texts."""
    return [
        {
            "label": part.label,
            "meaning": part.part.meaning,
            "step": step_words(part.points),
            "count": sum(row.units for row in part.rows),
            "rows": [(row, step_words(row.numerator), step_words(row.denominator), step_words(row.points))
                     for row in part.rows],
        }
        for part in found.parts
    ]  # fmt: skip


def _nothing(indicator: Indicator) -> str:
    """Why there is nothing to tell apart."""
    if indicator.is_rank or indicator.numerator.kind == MeasureKind.GIVEN:
        return _("Ranks and scores are given as a whole; they have no parts by unit.")
    return _("One of the two months has no figure yet. Choose months that have one.")


def _shortcuts(scope: Scope, first: int) -> list[dict[str, Any]]:
    """Months back from the later one, as tabs."""
    months = [(back, scope.month - back) for back in SHORTCUTS if scope.month - back >= FIRST_MONTH - 1]
    return [
        {
            "href": f"?{scope.query}&{FROM}={month_label(month).replace('/', '-')}",
            "label": _("Against the month before") if back == 1 else _("%(n)s months") % {"n": back},
            "active": month == first,
        }
        for back, month in months
    ]


def _export_links(request: HttpRequest) -> list[tuple[str, str]]:
    links = []
    for kind, words in (("xlsx", _("Export Excel")), ("csv", _("Export CSV"))):
        query = request.GET.copy()
        query[EXPORT] = kind
        links.append((f"?{query.urlencode()}", words))
    return links
