"""What waits in this room: receipts to confirm, handovers that nobody confirms, gifts that are not allotted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.dates import format_date
from equipment.choices import GiftForm, GiftState, HandoverState
from equipment.models import Gift, Handover
from equipment.queries.gifts import things_in_words, with_stages
from units.choices import Right
from units.duties import Duty
from units.models import Lineage, Unit
from units.permissions import granted_units, rights_now

if TYPE_CHECKING:
    from accounts.models import User

KIND = "equipment"
MOST = 5
PATIENCE = timedelta(days=14)  # after so long the giver is told that a receipt is not confirmed


def equipment_duties(user: User) -> list[Duty]:
    held = rights_now(user)
    given = [*_unconfirmed(user), *_to_allot(user)] if Right.GIVE in held else []
    return [*(_to_confirm(user) if Right.RECEIVE in held else ()), *given]


def _to_confirm(user: User) -> list[Duty]:
    """Minutes handed over to the units where the person is at home, except those handed over by the same person."""
    homes = granted_units(user, Right.RECEIVE)
    waiting = Handover.objects.filter(state=HandoverState.HANDED, receiver__in=homes.values("pk"))
    rows = list(waiting.exclude(handed_by=user).select_related("gift__sponsor").order_by("handed_on", "pk")[:MOST])
    words = things_in_words(row.pk for row in rows)
    return [
        Duty(
            title=_("Confirm the receipt: %(things)s of %(sponsor)s")
            % {"things": words[row.pk], "sponsor": row.gift.sponsor.name},
            url=reverse("equipment:confirm", args=[row.pk]),
            detail=_("Minutes %(number)s, handed over on %(day)s")
            % {"number": row.number, "day": format_date(row.handed_on)},
            due=None if row.handed_on is None else row.handed_on + PATIENCE,
            kind=KIND,
        )
        for row in rows
    ]


def _unconfirmed(user: User) -> list[Duty]:
    """For the giver: one line for all handovers that wait too long."""
    late = Handover.objects.filter(
        state=HandoverState.HANDED,
        giver__in=_below_homes(user).values("pk"),
        handed_on__lt=timezone.localdate() - PATIENCE,
    )
    found = late.aggregate(count=Count("pk"), oldest=Min("handed_on"))
    if not found["count"]:
        return []
    words = {"n": found["count"], "days": PATIENCE.days}
    return [
        Duty(
            title=_("%(n)s handovers are not confirmed after %(days)s days") % words,
            url=f"{reverse('equipment:handovers')}?state={HandoverState.HANDED}&sort=handed_on",
            detail=_("The oldest was handed over on %(day)s") % {"day": format_date(found["oldest"])},
            kind=KIND,
        )
    ]


def _to_allot(user: User) -> list[Duty]:
    """For the giver: gifts in kind of which something is promised to nobody yet."""
    gifts = Gift.objects.filter(
        state=GiftState.PLEDGED, form=GiftForm.IN_KIND, unit__in=_below_homes(user).values("pk")
    )
    open_ones = with_stages(gifts).filter(left__gt=0).order_by(F("pledged_on"), "pk")
    return [
        Duty(
            title=_("%(n)s things are not allotted yet: %(gift)s") % {"n": gift.left, "gift": gift.title},
            url=reverse("equipment:gift", args=[gift.pk]),
            detail=gift.sponsor.name,
            kind=KIND,
        )
        for gift in open_ones.select_related("sponsor")[:MOST]
    ]


def _below_homes(user: User) -> QuerySet[Unit]:
    """The units where the person gives for, with their predecessors: an old province's gift is its successor's duty."""
    homes = granted_units(user, Right.GIVE)
    return Unit.objects.filter(pk__in=Lineage.objects.filter(ancestor__in=homes.values("pk")).values("unit"))  # type: ignore[no-any-return]
