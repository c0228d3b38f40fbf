"""From readings to drawings: the rows, lines, bars and maps that the pages show. No query here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from core import charts
from core.dates import format_date
from core.numbers import format_number, format_percent
from core.periods import label as month_label
from core.periods import month_of
from programmes.choices import Status
from programmes.models import Indicator
from programmes.queries import Points, path_value
from reports.phrases import arrival_words, lead_words
from reports.queries.dashboard import Reading, trend_months, value_text
from reports.queries.indicator import Child, Opened
from reports.queries.pace import Ahead, ahead_of, progress_of
from reports.queries.reported import Reported
from reports.queries.scope import Scope
from units.choices import UnitKind
from units.models import Unit

MAPS = Path(__file__).resolve().parent.parent / "units" / "data"
REFORM_MONTH = 2025 * 12 + 6
PICTURES = {"trend": "xu-huong", "ranking": "xep-hang", "map": "ban-do", "multiples": "tung-don-vi"}  # in addresses
BARS_SHOWN = 12


@dataclass(frozen=True)
class Row:
    """The context of components/indicator_row.html."""

    name: str
    href: str
    note: str
    value: str
    unit: str
    fraction: str
    status: str
    bullet: charts.Bullet | None
    lead: str
    trend: charts.Sparkline | None
    arrival: str
    reported: int | None
    expected: int | None


def unit_indicator_url(unit: Unit | int, indicator: Indicator, scope: Scope) -> str:
    pk = unit if isinstance(unit, int) else unit.pk
    return f"{_indicator_path(pk, indicator.pk)}?{scope.query}"


@lru_cache(maxsize=4096)
def _indicator_path(unit_id: int, indicator_id: int) -> str:
    """A dashboard asks for more than a hundred of these; looking one up takes as long as drawing a trend."""
    return reverse("reports:indicator", args=[unit_id, indicator_id])


def indicator_row(reading: Reading, scope: Scope, reform: int | None) -> Row:
    indicator = reading.indicator
    unit = "" if indicator.is_ratio and indicator.unit_label == "%" else indicator.unit_label
    progress = progress_of(reading, scope)
    lead = lead_words(reading, progress)
    return Row(
        name=indicator.name,
        href=unit_indicator_url(scope.unit, indicator, scope),
        note=" · ".join(filter(None, (_estimate_words(reading), target_words(reading), _known_words(reading)))),
        value=reading.value_text.removesuffix(f" {unit}"),
        unit=unit,
        fraction=reading.fraction,
        status=reading.standing.status,
        bullet=_bullet(reading, lead),
        lead=lead,
        arrival=arrival_words(reading, progress),
        trend=charts.sparkline(
            [point.value for point in reading.trend],
            breaks=[] if reform is None else [reform],
            label=_trend_words(reading),
        ),
        reported=reading.trust.current,
        expected=reading.trust.expected or None,
    )


def reported_bar(reported: Reported) -> charts.Stack:
    """How the units below divide: reported in time, late, on an unknown day, not at all."""
    tally = reported.tally
    label = _("%(reported)s of %(expected)s units have reported") % {
        "reported": format_number(tally.reported),
        "expected": format_number(tally.expected),
    }
    parts = [("reached", tally.in_time), ("at_risk", tally.late), ("on_track", tally.untimed), ("empty", tally.unsent)]
    return charts.stack(parts, key=f"reported-{reported.period.pk}", label=label)


def target_words(reading: Reading) -> str:
    """«chỉ tiêu 100% đến 31/12/2026»; empty without a target."""
    if reading.target is None:
        return ""
    value = value_text(reading.indicator, reading.target.value)
    return _("target %(value)s by %(day)s") % {"value": value, "day": format_date(reading.target.due)}


def _estimate_words(reading: Reading) -> str:
    return _("estimate") if reading.now.estimated else ""


def _known_words(reading: Reading) -> str:
    if not reading.known_only:
        return ""
    words = {"share": reading.known_only, "known": format_number(reading.now.with_value)}
    return _("%(share)s of the %(known)s units with data") % words


def words_of(reading: Reading) -> dict[str, str]:
    """The texts of the tiles: the target, the path up to today, and where it begins."""
    target, path = reading.target, reading.standing.path
    if target is None:
        return {"target_words": "", "target_value": "", "path_text": "", "baseline_words": ""}
    baseline = _("from %(value)s on %(day)s") % {
        "value": value_text(reading.indicator, target.baseline),
        "day": format_date(target.baseline_on),
    }
    return {
        "target_words": _("by %(day)s") % {"day": format_date(target.due)},
        "target_value": value_text(reading.indicator, target.value),
        "path_text": value_text(reading.indicator, path),
        "baseline_words": baseline,
    }


def _bullet(reading: Reading, lead: str) -> charts.Bullet | None:
    if reading.target is None:
        return None
    return charts.bullet(
        reading.now.value,
        target=reading.target.value,
        path=reading.standing.path,
        band=reading.standing.band,
        baseline=reading.target.baseline,
        status=reading.standing.status,
        label="; ".join(filter(None, (reading.value_text, target_words(reading), lead))),
    )


def _trend_words(reading: Reading) -> str:
    known = [point for point in reading.trend if point.value is not None]
    if not known:
        return _("no data in 24 months")
    first, last = known[0], known[-1]
    return _("from %(before)s (%(first)s) to %(after)s (%(last)s)") % {
        "before": value_text(reading.indicator, first.value),
        "first": month_label(first.period),
        "after": value_text(reading.indicator, last.value),
        "last": month_label(last.period),
    }


def trend_line(opened: Opened, reform: int | None) -> charts.LineChart:
    """24 months of the indicator with the path to its target, the reorganisation, and what the pace so far promises."""
    reading, scope = opened.reading, opened.scope
    ahead = ahead_of(reading, scope)
    past = trend_months(scope.month)
    months = [*past, *range(scope.month + 1, ahead.months[-1] + 1)] if ahead else list(past)
    known = {point.period: point.value for point in reading.trend}
    series = [charts.Series(reading.indicator.name, tuple(known.get(month) for month in months))]
    if reading.target is not None:
        path = tuple(path_value(reading.target, month) for month in months)
        series.append(charts.Series(_("Path to the target"), path, "target"))
    spans = []
    if ahead is not None:
        series.append(charts.Series(_("At the pace so far"), _spread(ahead.middle, ahead, months), "other"))
        name = _("Range of the pace (four of five cases)")
        spans.append(charts.Span(name, _spread(ahead.lows, ahead, months), _spread(ahead.highs, ahead, months)))
    return charts.line(
        series,
        [month_label(month) for month in months],
        caption=_trend_caption(opened),
        spans=spans,
        marks=[] if reform is None else [charts.Mark(reform, _("reorganisation"))],
        fmt=formatter(reading.indicator),
    )


def _spread(values: Sequence[Decimal], ahead: Ahead, months: Sequence[int]) -> tuple[Decimal | None, ...]:
    """What is foretold, month by month; nothing for the others."""
    by_month = dict(zip(ahead.months, values, strict=True))
    return tuple(by_month.get(month) for month in months)


def _trend_caption(opened: Opened) -> charts.Caption:
    title = _("%(indicator)s over 24 months") % {"indicator": opened.reading.indicator.name}
    return replace(_caption("trend", opened, title), description=_trend_words(opened.reading))


def multiples_of(opened: Opened, points: Points) -> charts.Multiples:
    """The trend of every unit below, the worst standing first and within it the worst value."""
    reading, scope = opened.reading, opened.scope
    order = [Status.BEHIND, Status.AT_RISK, Status.UNKNOWN, Status.ON_TRACK, Status.REACHED, Status.NONE]
    worst_first = list(opened.children)[::-1]  # sorting keeps this order within a status
    items = [
        charts.Multiple(
            label=child.unit.name,
            values=tuple(point.value for point in points[child.unit.pk, reading.indicator.pk]),
            text=child.text,
            status=child.standing.status,
            href=unit_indicator_url(child.unit, reading.indicator, scope),
        )
        for child in sorted(worst_first, key=lambda child: order.index(child.standing.status))
    ]
    return charts.multiples(
        items,
        [month_label(month) for month in trend_months(scope.month)],
        caption=_caption("multiples", opened, _("Units below, 24 months each")),
        target=reading.target.value if reading.target and reading.indicator.is_ratio else None,
        fmt=formatter(reading.indicator),
    )


def formatter(indicator: Indicator) -> charts.base.Formatter:
    if indicator.is_ratio and indicator.unit_label == "%":
        return lambda value: format_percent(value, indicator.decimals)
    return lambda value: format_number(value, indicator.decimals)


def child_bars(opened: Opened) -> charts.BarChart:
    """Children ranked by the indicator; each bar leads one level down."""
    indicator, scope = opened.reading.indicator, opened.scope
    target = opened.reading.target.value if opened.reading.target and indicator.is_ratio else None
    items = [
        charts.Bar(
            label=child.unit.name,
            value=child.value,
            text=child.text,
            target=target,
            status=child.standing.status,
            href=unit_indicator_url(child.unit, indicator, scope),
            note=child_note(child),
            band=opened.reading.standing.band if target is not None else None,
        )
        for child in opened.children
    ]
    return charts.bars(items, caption=_caption("ranking", opened, _("Units below, ranked")), shown=BARS_SHOWN)


def child_note(child: Child) -> str:
    """Both parts of a percentage, and whether the value is an older one."""
    notes = []
    if child.numerator is not None and child.denominator is not None:
        notes.append(f"{format_number(child.numerator)}/{format_number(child.denominator)}")
    if child.value is None:
        notes.append(_("not reported"))
    return " · ".join(notes)


def _caption(key: str, opened: Opened, title: str) -> charts.Caption:
    return charts.Caption(
        key=key,
        title=title,
        description=opened.reading.indicator.name,
        unit=opened.reading.indicator.unit_label,
        source=_("Source: figures accepted in this portal"),
        as_of=_("as of %(day)s") % {"day": format_date(opened.scope.as_of)},
        file=_picture_url(key, opened),
    )


def _picture_url(kind: str, opened: Opened) -> str:
    args = [opened.scope.unit.pk, opened.reading.indicator.pk, PICTURES[kind]]
    return f"{reverse('reports:picture', args=args)}?{opened.scope.query}"


@lru_cache(maxsize=2)
def map_file(year: int) -> dict[str, Any]:
    """The outlines of 2024 (63 provinces) or 2025 (34)."""
    return json.loads((MAPS / f"vn_map_{year}.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def map_year(scope: Scope) -> int:
    return 2024 if month_of(scope.units_of) < REFORM_MONTH else 2025


def _projection(file: dict[str, Any]) -> charts.Projection:
    return charts.Projection(**{name: float(file["projection"][name]) for name in "abcdef"})


def map_of(opened: Opened) -> charts.RegionMap | charts.DotMap | None:
    """The country in five classes for the centre, the outline with dots for a province, nothing below."""
    if opened.scope.unit.kind == UnitKind.CENTRE:
        return nation_map(opened)
    if opened.scope.unit.kind == UnitKind.PROVINCE:
        return province_map(opened)
    return None


def nation_map(opened: Opened) -> charts.RegionMap:
    """34 provinces (63 when read as it was before 07/2025) in five classes, both archipelagos included."""
    indicator, scope = opened.reading.indicator, opened.scope
    file = map_file(map_year(scope))
    by_code = {child.unit.code: child for child in opened.children}
    values = [child.value for child in opened.children]
    breaks = (Decimal(20), Decimal(40), Decimal(60), Decimal(80)) if indicator.is_ratio else charts.equal_breaks(values)
    fmt = formatter(indicator)
    outlines = static(f"img/vn-{map_year(scope)}.svg")
    areas = [
        replace(_area(code, shape, by_code.get(code), breaks, opened), shape=f"{outlines}#p{code}")
        for code, shape in file["provinces"].items()
    ]
    return charts.region_map(
        sorted(areas, key=lambda area: (-area.level, area.label)),
        view_box=file["viewBox"],
        classes=charts.class_labels(breaks, fmt),
        caption=_caption("map", opened, _("%(count)s provinces on the map") % {"count": len(areas)}),
        columns=(_("Province"), indicator.name),
    )


def _area(
    code: str, shape: dict[str, str], child: Child | None, breaks: Sequence[Decimal], opened: Opened
) -> charts.Area:
    level = charts.class_of(child.value if child else None, breaks)
    return charts.Area(
        path=shape["path"],
        level=level,
        label=child.unit.name if child else shape["name"],
        text=child.text if child else "",
        href=unit_indicator_url(child.unit, opened.reading.indicator, opened.scope) if child else "",
    )


def province_map(opened: Opened) -> charts.DotMap | None:
    """The province and one dot per commune whose place is known; size is the denominator, shape the status."""
    unit = opened.scope.unit
    file = map_file(2024 if unit.valid_to is not None and month_of(unit.valid_to) < REFORM_MONTH else 2025)
    shape = file["provinces"].get(unit.code)
    if shape is None:
        return None
    projection = _projection(file)
    dots = [dot for child in opened.children if (dot := _dot(child, projection, opened))]
    if not dots:
        return None
    caption = _caption("map", opened, _("%(count)s units on the map") % {"count": len(dots)})
    return charts.dot_map(shape["path"], dots, caption=caption, columns=(_("Unit"), opened.reading.indicator.name))


def _dot(child: Child, projection: charts.Projection, opened: Opened) -> charts.Dot | None:
    """None where the place of the unit is not known."""
    if child.unit.lat is None or child.unit.lon is None:
        return None
    x, y = projection.point(child.unit.lon, child.unit.lat)
    status = child.standing.status
    if status == Status.NONE:
        status = Status.ON_TRACK
    return charts.Dot(
        x=x,
        y=y,
        label=child.unit.name,
        text=child.text or _("not reported"),
        status=status,
        size=child.denominator if child.denominator and child.denominator > 1 else None,
        href=unit_indicator_url(child.unit, opened.reading.indicator, opened.scope),
    )
