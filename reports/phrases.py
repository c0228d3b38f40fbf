"""What the leader's screen says of its numbers: against the path, since last month, what waits for a decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core.dates import format_date
from core.numbers import format_number
from core.periods import month_in_year, month_of, year_of
from equipment.choices import HandoverState
from programmes.choices import MeasureKind
from programmes.models import Indicator
from reports.queries.dashboard import Reading, value_text
from reports.queries.moves import Move, Part
from reports.queries.pace import Progress
from reports.queries.screen import Pressing, Screen
from reports.queries.waiting import Waiting


@dataclass(frozen=True)
class Decision:
    """One thing that a leader has to settle: its mark (a status or a tone with its word), where it is done, and why."""

    status: str
    label: str
    title: str
    href: str
    detail: str = ""


@dataclass(frozen=True)
class Change:
    """A move in words; the way to why it happened."""

    title: str
    href: str
    values: str
    difference: str
    better: bool
    units: tuple[tuple[str, str], ...]


# --- against the path ------------------------------------------------------------------------------------------


def difference_text(indicator: Indicator, difference: Decimal) -> str:
    """«2,1 điểm %» between percentages, «12 máy» between numbers; without a sign."""
    unit = _("% points") if indicator.unit_label == "%" else indicator.unit_label
    return f"{format_number(abs(difference), indicator.decimals)} {unit}".strip()


def lead_words(reading: Reading, progress: Progress | None) -> str:
    """«kém lộ trình 3,2 điểm %»; empty where there is no path or it has been walked."""
    if progress is None:
        return ""
    rounded = round(progress.lead, reading.indicator.decimals)
    if not rounded:
        return _("on the path")
    words = {"lead": difference_text(reading.indicator, rounded)}
    return (_("%(lead)s ahead of the path") if rounded > 0 else _("%(lead)s short of the path")) % words


def arrival_words(reading: Reading, progress: Progress | None) -> str:
    """«theo tốc độ này đạt vào 1/2029, trễ hạn»; empty where nothing is to be foretold."""
    ahead = progress.outlook if progress else None
    if ahead is None or ahead.is_met:
        return ""
    if ahead.pace is None:
        return _("not enough data to foretell")
    if ahead.reached is None:
        return _("not reached at this pace")
    late = reading.target is not None and ahead.reached > month_of(reading.target.due)
    text = _("at this pace reached in %(month)s, too late") if late else _("at this pace reached in %(month)s, in time")
    return text % {"month": _short(ahead.reached)}


def _short(month: int) -> str:
    return f"{month_in_year(month)}/{year_of(month)}"


# --- decisions -------------------------------------------------------------------------------------------------


def decisions(screen: Screen) -> list[Decision]:
    """What waits, the worst first: figures behind their path, missing reports, tasks, gifts, receipts, targets."""
    return [
        *(_pressing(one, screen) for one in screen.named_pressing),
        *_late_reports(screen),
        *_late_tasks(screen),
        *_gifts(screen.waiting),
        *_without_target(screen),
    ]


def more_pressing(screen: Screen) -> int:
    """How many indicators behind or at risk are not named among the decisions."""
    return len(screen.pressing) - len(screen.named_pressing)


def _pressing(one: Pressing, screen: Screen) -> Decision:
    reading, scope = one.reading, screen.scope
    words = {
        "value": reading.value_text,
        "target": value_text(reading.indicator, reading.target.value) if reading.target else "",
        "day": format_date(reading.target.due) if reading.target else "",
    }
    reasons = [
        _("%(value)s of %(target)s by %(day)s") % words,
        lead_words(reading, one.progress),
        arrival_words(reading, one.progress),
        _few_reports(reading),
    ]
    address = reverse("reports:indicator", args=[scope.unit.pk, reading.indicator.pk])
    return Decision(
        reading.standing.status,
        "",
        reading.indicator.name,
        f"{address}?{scope.query}",
        " · ".join(filter(None, reasons)),
    )


def _few_reports(reading: Reading) -> str:
    """Whether the number rests on less than half of the units: then the first thing to ask for are reports."""
    trust = reading.trust
    if not trust.expected or trust.current * 2 >= trust.expected:
        return ""
    return _("only %(reported)s of %(expected)s units reported") % {
        "reported": format_number(trust.current),
        "expected": format_number(trust.expected),
    }


def _late_reports(screen: Screen) -> list[Decision]:
    return [
        Decision(
            "bad",
            _("Reports missing"),
            _("%(count)s units have not sent: %(period)s")
            % {"count": format_number(one.tally.unsent), "period": one.period.label},
            one.lagging_url,
            " · ".join([one.period.form.name, _("due %(day)s") % {"day": format_date(one.due)}]),
        )
        for one in screen.reported
        if one.own is None and one.is_over and one.tally.unsent
    ]


def _late_tasks(screen: Screen) -> list[Decision]:
    waiting, programme = screen.waiting, screen.scope.programme
    if not waiting.late or programme is None:
        return []
    title = _("%(count)s tasks are past their deadline") % {"count": format_number(waiting.late)}
    query = urlencode({"programme": programme.pk, "late": "yes"})
    return [Decision("bad", _("Tasks late"), title, f"{reverse('programmes:tasks')}?{query}", programme.short_name)]


def _gifts(waiting: Waiting) -> list[Decision]:
    found = []
    if waiting.things > 0:
        title = _("%(count)s pledged things are not allotted to any unit") % {"count": format_number(waiting.things)}
        href = f"{reverse('equipment:gifts')}?left=yes"
        found.append(Decision("warn", _("Gifts"), title, href, _("Choose who gets them from the list of needs.")))
    if waiting.handovers:
        title = _("%(count)s handovers are not confirmed by the receiver") % {"count": format_number(waiting.handovers)}
        href = f"{reverse('equipment:handovers')}?state={HandoverState.HANDED}"
        found.append(Decision("warn", _("Receipts"), title, href, _("Machines count only once they are confirmed.")))
    return found


def _without_target(screen: Screen) -> list[Decision]:
    programme = screen.scope.programme
    if not screen.without_target or programme is None:
        return []
    title = _("%(count)s indicators have no target at this unit") % {"count": format_number(screen.without_target)}
    detail = _("Without a target nobody can say whether they are on the way.")
    return [Decision("plain", _("No target"), title, reverse("programmes:detail", args=[programme.pk]), detail)]


# --- changes ---------------------------------------------------------------------------------------------------


def change(move: Move, screen: Screen) -> Change:
    indicator, scope = move.reading.indicator, replace(screen.scope, month=move.after.period)
    route = "reports:indicator" if indicator.is_rank else "reports:why"
    address = reverse(route, args=[scope.unit.pk, indicator.pk])
    values = " → ".join(_bare(indicator, point.value) for point in (move.before, move.after))
    signed = ("+" if move.difference > 0 else "−") + difference_text(indicator, move.difference)
    units = tuple((part.unit.name, _part(part, move)) for part in move.parts)
    return Change(indicator.name, f"{address}?{scope.query}", values, signed, move.better, units)


def _bare(indicator: Indicator, value: Decimal | None) -> str:
    """The value without the unit that stands beside it already; a percentage keeps its sign."""
    return value_text(indicator, value).removesuffix(f" {indicator.unit_label}")


def _part(part: Part, move: Move) -> str:
    """What a unit did: nothing beside its name where it only says yes or no itself."""
    indicator = move.reading.indicator
    if indicator.numerator.kind == MeasureKind.FLAG and not part.unit.numchild:
        return ""
    if not indicator.is_ratio:
        return ("+" if part.added > 0 else "−") + format_number(abs(part.added), indicator.decimals)
    before = value_text(indicator, part.before) or _("no data")
    return f"{before} → {value_text(indicator, part.after) or _('no data')}"
