"""Records that were entered by mistake are taken back, as long as nothing else came of them. The trail keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from core.verdicts import require
from equipment.actions.registers import refresh_units
from equipment.actions.rules import needs_reason
from equipment.choices import GiftState, ItemEventKind
from equipment.models import Allotment, Gift, Item, ItemEvent
from equipment.permissions import may_give, may_keep
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User

# what registering a machine writes; anything else happened to it since
_FIRST_EVENTS = (ItemEventKind.RECEIVED, ItemEventKind.WEAK, ItemEventKind.BROKEN, ItemEventKind.SHARED)
_ITEM_FACTS = ("unit_id", "kind_id", "model", "serial", "year", "received_on", "condition", "asset_code")


@transaction.atomic
def take_back_items(*, items: Sequence[Item], by: User, reason: str, today: date | None = None) -> None:
    """Takes machines out of the register that were entered by mistake: not those that came by a handover, nor those to
    which something has happened since. The figures of their units follow."""
    reason = needs_reason(reason)
    units = Unit.objects.in_bulk({item.unit_id for item in items})
    for unit in units.values():
        require(may_keep(by, unit))
    keys = [item.pk for item in items]
    later = ItemEvent.objects.filter(item__in=keys).exclude(kind__in=_FIRST_EVENTS).values("item")
    if used := Item.objects.filter(pk__in=later).first() or next((one for one in items if one.handover_line_id), None):
        raise ValidationError(_("Something has happened to “%(item)s” since: it stays registered.") % {"item": used})
    effects = [
        audit.Effect(item, item.unit_id, before={name: getattr(item, name) for name in _ITEM_FACTS}) for item in items
    ]
    audit.record_many(by=by, action="equipment.item.take_back", effects=effects, reason=reason)
    Item.objects.filter(pk__in=keys).delete()
    refresh_units(unit_ids=units, by=by, reason=reason, today=today)


@transaction.atomic
def take_back_gift(*, gift: Gift, by: User, reason: str) -> None:
    """Removes a pledge that was entered by mistake, while nothing was allotted or paid of it."""
    require(may_give(by, gift))
    used = Allotment.objects.filter(line__gift=gift).exists() or gift.payments.exists()
    if used or gift.state != GiftState.PLEDGED or gift.handovers.exists():
        raise ValidationError(_("“%(gift)s” is already being fulfilled and stays.") % {"gift": gift.title})
    before = {"title": gift.title, "code": gift.code, "lines": [str(line) for line in gift.lines.all()]}
    audit.record(
        by=by,
        action="equipment.gift.take_back",
        obj=gift,
        unit_id=gift.unit_id,
        reason=needs_reason(reason),
        before=before,
    )
    gift.delete()
