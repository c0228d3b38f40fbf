"""What the pages of the room share: the way through it, and where breadcrumbs begin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from equipment.models import Gift, Handover, Item
from units.choices import Right
from units.permissions import may_anywhere

Crumb = tuple[str, str]


def room_tabs(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    """The lists of the room and the sponsors, who have no entry of their own in the main menu.

    What the person has no right for is left out.
    """
    places = [
        ("equipment:gaps", _("Still missing"), None),
        ("equipment:gifts", _("Gifts"), None),
        ("equipment:handovers", _("Handovers"), None),
        ("equipment:items", _("Register of machines"), None),
        ("equipment:my-units", _("My unit"), None),
        ("sponsors:list", _("Sponsors"), Right.MANAGE_SPONSORS),
        ("equipment:kinds", _("Kinds and minimum"), Right.MANAGE_CATALOGUE),
    ]
    return [
        {"label": label, "href": reverse(route), "active": route == f"equipment:{here}"}
        for route, label, right in places
        if right is None or may_anywhere(request.user, right)
    ]


def way(*crumbs: Crumb) -> list[Crumb]:
    """Breadcrumbs that begin at the room."""
    return [(_("Equipment"), reverse("equipment:gaps")), *crumbs]


def way_to_gift(gift: Gift, *more: Crumb) -> list[Crumb]:
    gifts = (_("Gifts"), reverse("equipment:gifts"))
    return way(gifts, (gift.title, reverse("equipment:gift", args=[gift.pk])), *more)


def way_to_handover(handover: Handover, *more: Crumb) -> list[Crumb]:
    papers = (_("Handovers"), reverse("equipment:handovers"))
    return way(papers, (handover.number, reverse("equipment:handover", args=[handover.pk])), *more)


def way_to_item(item: Item, *more: Crumb) -> list[Crumb]:
    items = (_("Register of machines"), reverse("equipment:items"))
    return way(items, (str(item), reverse("equipment:item", args=[item.pk])), *more)
