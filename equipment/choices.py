"""Fixed words of the equipment room."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.remarks import remarks_of


class GiftForm(TextChoices):
    IN_KIND = "in_kind", _("In kind")
    MONEY = "money", _("In money")


class GiftState(TextChoices):
    """A pledge is not a delivery: only confirmed handovers count as delivered."""

    PLEDGED = "pledged", _("Being fulfilled")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AllotmentState(TextChoices):
    OPEN = "open", _("Allotted")
    PREPARED = "prepared", _("Minutes prepared")
    HANDED = "handed", _("Handed over")
    RECEIVED = "received", _("Received")
    CANCELLED = "cancelled", _("Cancelled")


class HandoverState(TextChoices):
    DRAFT = "draft", _("Prepared")
    HANDED = "handed", _("Handed over, waiting for confirmation")
    RECEIVED = "received", _("Receipt confirmed")
    REFUSED = "refused", _("Refused by the receiver")
    CANCELLED = "cancelled", _("Cancelled")


class Condition(TextChoices):
    """State of one item. Good items may still be too weak for the work: that is the specification's verdict."""

    GOOD = "good", _("In use")
    WEAK = "weak", _("Weak")
    BROKEN = "broken", _("Broken")
    LOST = "lost", _("Lost")
    DISPOSED = "disposed", _("Disposed")


@remarks_of("equipment.event")
class ItemEventKind(TextChoices):
    RECEIVED = "received", _("Received")
    CHECKED = "checked", _("Checked")
    WEAK = "weak", _("Found weak")
    BROKEN = "broken", _("Broken")
    REPAIRED = "repaired", _("Repaired")
    UPGRADED = "upgraded", _("Upgraded")
    TRANSFERRED = "transferred", _("Transferred")
    SHARED = "shared", _("Shared with another body")
    UNSHARED = "unshared", _("No longer shared")
    LOST = "lost", _("Lost")
    FOUND = "found", _("Found again")
    DISPOSED = "disposed", _("Disposed")


class Standing(TextChoices):
    """What one machine is worth to its unit on a day."""

    FIT = "fit", _("fit")
    SHARED = "shared", _("shared")
    WEAK = "weak", _("weak")
    BROKEN = "broken", _("broken")
    GONE = "gone", _("gone")


class ComputerState(TextChoices):
    """The four states of a unit's computer, and «not declared» where the register holds nothing."""

    FIT = "fit", _("Fit for the work")
    WEAK = "weak", _("Weak or broken only")
    SHARED = "shared", _("Shared only")
    NONE = "none", _("None")
    UNKNOWN = "unknown", _("Not declared")


@remarks_of("equipment")
class Remark(TextChoices):
    """Why figures changed, and what stands behind them: stored as a code, see `core.remarks`."""

    ITEM = "item", _("Machine %(about)s")
    MINUTES = "minutes", _("Minutes %(about)s")
    REGISTERED = "registered", _("machine registered")
    CORRECTED = "corrected", _("machine corrected")
    MOVED = "moved", _("machine transferred")
    RECEIPT = "receipt", _("receipt confirmed")
    DECLARED = "declared", _("declared to have no computer")
    NOT_DELIVERED = "not_delivered", _("not delivered yet")
    INHERITED_NONE = "inherited_none", _("its predecessors had none")
