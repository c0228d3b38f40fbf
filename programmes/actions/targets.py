"""Targets: set for one unit, handed down to those below, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from core.dates import format_date
from core.verdicts import require
from programmes.actions.writing import change, locked, refuse
from programmes.models import Indicator, Programme, Target
from programmes.permissions import may_set_target
from programmes.rules import TargetDetails, others, target_problems
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def set_target(
    *,
    programme: Programme,
    indicator: Indicator,
    unit: Unit,
    details: TargetDetails,
    by: User,
    sample: bool = False,
) -> Target:
    """A new target: the value that the indicator shall have at the unit by a day, with the baseline it starts from.

    Raises Denied without the right, ValidationError by field (no baseline, out of order, unit closed that day, twice).
    """
    require(may_set_target(by, programme, unit))
    problems = target_problems(details, programme=programme, indicator=indicator, unit=unit)
    same_day = Target.objects.filter(programme=programme, indicator=indicator, unit=unit, due=details.due)
    if same_day.exists():
        problems.setdefault("due", _target_exists(unit, details))
    refuse(problems)
    target = Target.objects.create(
        programme=programme, indicator=indicator, unit=unit, sample=sample, **details.as_values()
    )
    after = {"programme": programme, "indicator": indicator.code, **details.as_values()}
    audit.record(by=by, action="programmes.set_target", obj=target, unit_id=unit.pk, after=after)
    return target


@transaction.atomic
def edit_target(*, target: Target, details: TargetDetails, by: User) -> Target:
    """Other values or dates for the same unit and indicator."""
    target = locked(target, "programme__owner", "indicator", "unit")
    programme, indicator, unit = target.programme, target.indicator, target.unit
    require(may_set_target(by, programme, unit))
    problems = target_problems(details, programme=programme, indicator=indicator, unit=unit)
    same_day = Target.objects.filter(programme=programme, indicator=indicator, unit=unit, due=details.due)
    if others(same_day, target).exists():
        problems.setdefault("due", _target_exists(unit, details))
    refuse(problems)
    change(target, details.as_values(), by=by, action="programmes.edit_target", unit_id=unit.pk)
    return target


@transaction.atomic
def hand_down_target(
    *, target: Target, values: Mapping[Unit, tuple[Decimal, Decimal | None]], by: User
) -> list[Target]:
    """The target for the units directly below, all at once: unit → (value, baseline), with its dates and source.

    Units that have one already get the new values; units left out stay as they are. Whether the parts add up to the
    whole is shown by `programmes.queries.plans.parts_of`, not enforced. Problems are named by `value_<unit key>`.
    """
    problems: dict[str, str] = {}
    stored = {found.unit_id: found for found in targets_below(target)}
    written: list[Target] = []
    for unit in sorted(values, key=lambda unit: unit.pk):
        details = TargetDetails(
            *(values[unit][0], target.due, values[unit][1], target.baseline_on), source_text=target.source_text
        )
        try:
            written.append(_hand_to(unit, stored.get(unit.pk), target, details, by))
        except ValidationError as refusal:
            found = refusal.message_dict
            problems[f"baseline_{unit.pk}" if "baseline" in found else f"value_{unit.pk}"] = " ".join(
                text for texts in found.values() for text in texts
            )
    refuse(problems)
    return written


@transaction.atomic
def remove_target(*, target: Target, by: User) -> None:
    """Takes a target back; the audit trail keeps what it was."""
    require(may_set_target(by, target.programme, target.unit))
    before = {name: getattr(target, name) for name in ("value", "due", "baseline", "baseline_on")}
    before |= {"programme": target.programme, "indicator": target.indicator.code}
    audit.record(by=by, action="programmes.remove_target", obj=target, unit_id=target.unit_id, before=before)
    target.delete()


def targets_below(target: Target) -> list[Target]:
    """The targets of the same programme, indicator and day for the units directly below."""
    children = Unit.objects.get_children(target.unit).values("pk")
    found = Target.objects.filter(
        programme=target.programme, indicator=target.indicator, due=target.due, unit__in=children
    )
    return list(found.select_related("programme__owner", "indicator", "unit"))


def _hand_to(unit: Unit, stored: Target | None, whole: Target, details: TargetDetails, by: User) -> Target:
    if stored is None:
        return set_target(programme=whole.programme, indicator=whole.indicator, unit=unit, details=details, by=by)
    return edit_target(target=stored, details=details, by=by)


def _target_exists(unit: Unit, details: TargetDetails) -> str:
    return _("“%(unit)s” has a target for this day (%(due)s) already. Change that one.") % {
        "unit": unit.name,
        "due": format_date(details.due),
    }
