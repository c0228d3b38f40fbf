"""How long gifts take: from the pledge to the receipt that is confirmed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING

from django.db.models import Min

from equipment.choices import HandoverState
from equipment.models import Allotment, Handover, HandoverLine

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

RECENT = timedelta(days=3 * 365)  # older deliveries say little about today's
LEAST = 4  # minutes; fewer are no habit


@dataclass(frozen=True)
class UsualTime:
    """The median time from pledge to confirmed receipt, over so many `machines`."""

    days: int
    machines: int


def usual_time(user: User | AnonymousUser, on: date) -> UsualTime | None:
    """Of the computers confirmed in the three years before the day, each counted as one; None with too few minutes."""
    confirmed = Handover.objects.visible_to(user).filter(
        state=HandoverState.RECEIVED, received_on__range=(on - RECENT, on)
    )
    lines = HandoverLine.objects.filter(
        handover__in=confirmed.order_by().values("pk"),
        void=False,
        received__gt=0,
        allotment__line__kind__is_computer=True,
    )
    rows = list(lines.values_list("handover_id", "handover__gift__pledged_on", "handover__received_on", "received"))
    if len({pk for pk, *_ in rows}) < LEAST:
        return None
    days = [
        max((came - pledged).days, 0)
        for _pk, pledged, came, number in rows
        if came is not None and number is not None
        for _one in range(number)
    ]
    return UsualTime(int(median(days)), len(days))


def first_pledges(unit_ids: Collection[int]) -> dict[int, date]:
    """The pledge of the first computer that is on its way to each of these units."""
    pending = Allotment.objects.pending().filter(unit__in=list(unit_ids), line__kind__is_computer=True)
    rows = pending.order_by().values("unit").annotate(day=Min("line__gift__pledged_on"))
    return dict(rows.values_list("unit", "day"))
