"""What the pages of a unit and of a sponsor show of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from equipment.choices import HandoverState
from equipment.models import Allotment, Gift, Handover, Item
from equipment.permissions import may_confirm, may_keep
from equipment.queries.gifts import sponsor_balance, things_in_words, with_stages
from equipment.queries.registers import verdicts
from sponsors.panels import Panel as SponsorPanel
from units.choices import UnitKind
from units.panels import Panel

if TYPE_CHECKING:
    from django.http import HttpRequest

    from sponsors.models import Sponsor
    from units.models import Unit

SHOWN = 20
WIDE = (UnitKind.CENTRE, UnitKind.PROVINCE, UnitKind.DISTRICT)


def of_unit(request: HttpRequest, unit: Unit) -> dict[str, Any]:
    """The unit's own machines and state, what waits for its confirmation, what is promised to it."""
    today = timezone.localdate()
    day = min(today, unit.valid_to) if unit.valid_to else today
    verdict = verdicts([unit.pk], day)[unit.pk]
    papers = Handover.objects.visible_to(request.user).filter(receiver=unit)
    handed = papers.filter(state=HandoverState.HANDED).order_by("handed_on", "pk")
    waiting = list(handed.select_related("gift__sponsor", "receiver"))
    received = list(papers.filter(state=HandoverState.RECEIVED).order_by("-received_on", "-pk")[:SHOWN])
    return {
        "verdict": verdict,
        "worth": {machine.item_id: machine for machine in verdict.machines},
        "items": Item.objects.filter(unit=unit).select_related("kind").order_by("condition", "-received_on", "pk"),
        "waiting": waiting,
        "words": things_in_words(paper.pk for paper in (*waiting, *received)),
        "may_confirm": any(may_confirm(request.user, paper) for paper in waiting[:1]),
        "promised": Allotment.objects.visible_to(request.user)
        .filter(unit=unit)
        .pending()
        .select_related("line__gift__sponsor", "line__kind"),
        "received": received,
        "may_keep": bool(may_keep(request.user, unit)) and unit.is_active(today),
        "is_wide": unit.kind in WIDE,
        "gaps_url": reverse("equipment:gaps"),
    }


def _panel_of_unit(request: HttpRequest, unit: Unit) -> dict[str, Any]:
    return {**of_unit(request, unit), "in_panel": True}


def _gifts_of(request: HttpRequest, sponsor: Sponsor) -> dict[str, Any]:
    gifts = Gift.objects.visible_to(request.user).filter(sponsor=sponsor)
    return {"gifts": with_stages(gifts)[:SHOWN], "balance": sponsor_balance(sponsor, user=request.user)}


OF_UNIT = Panel(
    key="may-moc",
    title=gettext_lazy("Machines"),
    order=20,
    template="equipment/unit_panel.html",
    context=_panel_of_unit,
)
OF_SPONSOR = SponsorPanel(key="tai-tro", order=10, template="equipment/sponsor_panel.html", context=_gifts_of)
