"""Where a gift stands: pledged, allotted, handed over, received. A pledge is not a delivery, so all four are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.numbers import format_number
from equipment.choices import AllotmentState, Condition, GiftForm, GiftState, HandoverState
from equipment.models import Allotment, Gift, GiftLine, GiftPayment, Handover, HandoverLine, Item
from sponsors.models import Sponsor

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

HANDED = [AllotmentState.HANDED, AllotmentState.RECEIVED]  # minutes that are only prepared do not count


@dataclass(frozen=True)
class Stages:
    """Counts of things at each stage. Each stage includes the next: what is received was handed over and allotted."""

    pledged: int = 0
    allotted: int = 0
    handed: int = 0
    received: int = 0

    @property
    def left(self) -> int:
        """Pledged and promised to nobody yet."""
        return self.pledged - self.allotted

    @property
    def waiting(self) -> int:
        """Handed over and not confirmed by the receiver."""
        return self.handed - self.received

    @property
    def complete(self) -> bool:
        return self.received >= self.pledged

    def __add__(self, other: Stages) -> Stages:
        return Stages(
            self.pledged + other.pledged,
            self.allotted + other.allotted,
            self.handed + other.handed,
            self.received + other.received,
        )


@dataclass(frozen=True)
class LineBalance:
    line: GiftLine
    stages: Stages


@dataclass(frozen=True)
class GiftBalance:
    """All lines of a gift, their sum, and the money that came."""

    gift: Gift
    lines: tuple[LineBalance, ...]
    total: Stages
    paid: int
    payments: tuple[GiftPayment, ...]

    @property
    def done(self) -> bool:
        """Everything that was pledged has arrived."""
        if self.gift.form == GiftForm.MONEY:
            return self.paid >= (self.gift.amount or 0)
        return self.total.complete

    @property
    def open_money(self) -> int | None:
        """Pledged money that has not come; None for a gift in kind."""
        return None if self.gift.form != GiftForm.MONEY else max((self.gift.amount or 0) - self.paid, 0)


@dataclass(frozen=True)
class SponsorBalance:
    """What a sponsor pledged, what arrived, and what of it is still in use."""

    sponsor_id: int
    gifts: int
    things: Stages
    money_pledged: int
    money_paid: int
    items: int
    items_in_use: int


def stages_of(lines: QuerySet[GiftLine]) -> dict[int, Stages]:
    """Stages by line, in one query."""
    annotated = lines.order_by().annotate(
        allotted=Sum("allotments__quantity", filter=~Q(allotments__state=AllotmentState.CANCELLED)),
        handed=Sum("allotments__quantity", filter=Q(allotments__state__in=HANDED)),
        received=Sum("allotments__quantity", filter=Q(allotments__state=AllotmentState.RECEIVED)),
    )
    rows = annotated.values_list("pk", "quantity", "allotted", "handed", "received")
    return {pk: Stages(*(number or 0 for number in numbers)) for pk, *numbers in rows}


def balance(gift: Gift) -> GiftBalance:
    lines = gift.lines.select_related("kind").order_by("pk")
    stages = stages_of(gift.lines.all())
    rows = tuple(LineBalance(line, stages[line.pk]) for line in lines)
    payments = tuple(gift.payments.order_by("on", "pk"))
    paid = sum(payment.amount for payment in payments if not payment.cancelled_for)
    return GiftBalance(gift, rows, sum((row.stages for row in rows), Stages()), paid, payments)


def with_stages(gifts: QuerySet[Gift]) -> QuerySet[Any]:
    """Adds to each gift: pledged, allotted, handed, received, left (numbers of things) and paid (đồng)."""
    lines = GiftLine.objects.filter(gift=OuterRef("pk"))
    allotted = Allotment.objects.filter(line__gift=OuterRef("pk"))
    paid = GiftPayment.objects.filter(gift=OuterRef("pk"), cancelled_for="")
    return gifts.annotate(
        pledged=_sum(lines, "gift", "quantity"),
        allotted=_sum(allotted.standing(), "line__gift", "quantity"),
        handed=_sum(allotted.filter(state__in=HANDED), "line__gift", "quantity"),
        received=_sum(allotted.filter(state=AllotmentState.RECEIVED), "line__gift", "quantity"),
        paid=_sum(paid, "gift", "amount"),
    ).annotate(left=F("pledged") - F("allotted"))


def open_lines(user: User | AnonymousUser, gift: Gift | None = None) -> list[LineBalance]:
    """Lines of standing gifts that still have something to allot, for choosing what fills a gap."""
    lines = GiftLine.objects.visible_to(user).open()
    if gift is not None:
        lines = lines.filter(gift=gift)
    stages = stages_of(lines)
    rows = lines.select_related("gift__unit", "gift__sponsor", "kind").order_by("gift__pledged_on", "pk")
    return [LineBalance(line, stages[line.pk]) for line in rows if stages[line.pk].left > 0]


def sponsor_balance(sponsor: Sponsor, *, user: User | AnonymousUser | None = None) -> SponsorBalance:
    """Of all gifts of the sponsor, or of those that the person may see. Withdrawn gifts count what was received."""
    gifts = Gift.objects.filter(sponsor=sponsor)
    gifts = gifts if user is None else gifts.filter(pk__in=Gift.objects.visible_to(user).values("pk"))
    stages = stages_of(GiftLine.objects.filter(gift__in=gifts))
    states = dict(GiftLine.objects.filter(gift__in=gifts).values_list("pk", "gift__state"))
    things = sum((_counted(one, states[pk]) for pk, one in stages.items()), Stages())
    money = gifts.filter(form=GiftForm.MONEY).exclude(state=GiftState.WITHDRAWN)
    items = Item.objects.filter(handover_line__handover__gift__in=gifts)
    payments = GiftPayment.objects.filter(gift__in=gifts, cancelled_for="")
    return SponsorBalance(
        sponsor_id=sponsor.pk,
        gifts=gifts.count(),
        things=things,
        money_pledged=money.aggregate(sum=Sum("amount"))["sum"] or 0,
        money_paid=payments.aggregate(sum=Sum("amount"))["sum"] or 0,
        items=items.count(),
        items_in_use=items.filter(condition=Condition.GOOD).count(),
    )


def with_things(handovers: QuerySet[Handover]) -> QuerySet[Any]:
    """Adds to each set of minutes the number of things: as confirmed, else as written."""
    lines = HandoverLine.objects.filter(handover=OuterRef("pk")).annotate(n=Coalesce("received", "quantity"))
    return handovers.annotate(things=_sum(lines, "handover", "n"))


def things_in_words(handover_ids: Iterable[int]) -> dict[int, str]:
    """What each set of minutes brings: «1 máy», «2 máy, 50 bộ»; as confirmed, else as written."""
    lines = HandoverLine.objects.filter(handover__in=list(handover_ids)).order_by("handover", "pk")
    found: dict[int, list[str]] = {}
    of_kind = ("allotment__line__kind__is_computer", "allotment__line__kind__counted_in")
    rows = lines.values_list("handover_id", "quantity", "received", *of_kind)
    for pk, quantity, received, computer, counted_in in rows:
        number = format_number(quantity if received is None else received)
        words = _("%(n)s machines") % {"n": number} if computer else f"{number} {counted_in}"
        found.setdefault(pk, []).append(words)
    return {pk: ", ".join(words) for pk, words in found.items()}


def handovers_waiting(user: User | AnonymousUser, *, since: date) -> QuerySet[Handover]:
    """Minutes handed over on or before the day by units that the person may see, and not confirmed yet."""
    return Handover.objects.visible_to(user).filter(state=HandoverState.HANDED, handed_on__lte=since)


def items_of_handovers(handover_ids: Iterable[int]) -> dict[int, list[Item]]:
    """The items that came by each of these minutes."""
    found: dict[int, list[Item]] = {}
    rows = Item.objects.filter(handover_line__handover__in=list(handover_ids)).select_related("kind")
    for item in rows.select_related("handover_line").order_by("pk"):
        if item.handover_line is not None:
            found.setdefault(item.handover_line.handover_id, []).append(item)
    return found


def _counted(stages: Stages, state: str) -> Stages:
    """A withdrawn pledge is worth what arrived of it."""
    if state != GiftState.WITHDRAWN:
        return stages
    return Stages(stages.received, stages.received, stages.received, stages.received)


def _sum(rows: QuerySet[Any], group: str, column: str) -> Any:
    summed = rows.order_by().values(group).annotate(sum=Sum(column)).values("sum")
    return Coalesce(Subquery(summed), 0)
