"""The lists of the room: gaps, gifts, handovers, items."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import A

from core.tables import (
    NOTHING,
    Column,
    DateColumn,
    MoneyColumn,
    MonthColumn,
    NumberColumn,
    StatusColumn,
    Table,
)
from core.templatetags.portal import status_badge
from equipment.choices import ComputerState, Condition, GiftState, HandoverState
from equipment.models import Gift, Handover, Item
from equipment.queries.gaps import HIGH, LOW, MIDDLE, PRIORITIES, GapNote
from units.models import Unit

STATE_TONES: dict[str, str] = {
    ComputerState.FIT: "good",
    ComputerState.SHARED: "info",
    ComputerState.WEAK: "warn",
    ComputerState.NONE: "bad",
    ComputerState.UNKNOWN: "plain",
}
CONDITION_TONES: dict[str, str] = {
    Condition.GOOD: "good",
    Condition.WEAK: "warn",
    Condition.BROKEN: "bad",
    Condition.LOST: "bad",
    Condition.DISPOSED: "plain",
}
HANDOVER_TONES: dict[str, str] = {
    HandoverState.DRAFT: "plain",
    HandoverState.HANDED: "warn",
    HandoverState.RECEIVED: "good",
    HandoverState.REFUSED: "bad",
    HandoverState.CANCELLED: "plain",
}
GIFT_TONES: dict[str, str] = {GiftState.PLEDGED: "info", GiftState.CLOSED: "good", GiftState.WITHDRAWN: "plain"}
PRIORITY_TONES = {HIGH: "bad", MIDDLE: "warn", LOW: "plain"}


_BOX = '<input type="checkbox" class="form-check-input" name="units" value="{}" form="allot-chosen" aria-label="{}">'


def state_badge(state: str) -> SafeString:
    """Mark, word and colour of a unit's computer state."""
    return status_badge(STATE_TONES[ComputerState(state)], ComputerState(state).label)


class GapTable(Table):
    """Rows are units with the annotations of `with_need`. The page sets `notes` and `places` (by unit) for its rows."""

    unit = Column(verbose_name=gettext_lazy("Unit"), accessor="name", order_by="sort_key")
    province = Column(verbose_name=gettext_lazy("Belongs to"), accessor="pk", orderable=False)
    state = Column(verbose_name=gettext_lazy("Computer"))
    reason = Column(
        verbose_name=gettext_lazy("Reason"),
        accessor="pk",
        orderable=False,
        attrs={"cell": {"class": "wide-name"}},
    )
    since = MonthColumn(verbose_name=gettext_lazy("Since month"))
    priority = Column(verbose_name=gettext_lazy("Urgency"), order_by="-score")
    area = Column(verbose_name=gettext_lazy("Kind of area"), accessor="pk", orderable=False)
    members = NumberColumn(verbose_name=gettext_lazy("Members"))
    coming = Column(verbose_name=gettext_lazy("On its way"), order_by="-coming")

    class Meta:
        model = Unit
        fields = ("unit", "province", "state", "reason", "since", "priority", "area", "members", "coming")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes: dict[int, GapNote] = {}
        self.places: dict[int, str] = {}
        self.choosing = False

    def render_province(self, record: Any) -> str:
        return self.places.get(record.pk, "")

    def render_unit(self, record: Any) -> SafeString:
        link = format_html('<a href="{}">{}</a>', reverse("equipment:unit", args=[record.pk]), record.name)
        if not self.choosing:
            return link
        box = format_html(_BOX, record.pk, _("Choose %(unit)s") % {"unit": record.name})
        return format_html('<span class="choose">{}{}</span>', box, link)

    def value_unit(self, record: Any) -> str:
        return str(record.name)

    def render_state(self, value: str) -> SafeString:
        return state_badge(value)

    def value_state(self, value: str) -> str:
        return str(ComputerState(value).label)

    def render_reason(self, record: Any) -> str:
        return self.value_reason(record) or NOTHING

    def value_reason(self, record: Any) -> str:
        note = self.notes.get(record.pk)
        return note.reason if note else ""

    def render_priority(self, value: str) -> SafeString:
        return status_badge(PRIORITY_TONES[value], self.value_priority(value))

    def value_priority(self, value: str) -> str:
        return str(dict(PRIORITIES)[value])

    def render_area(self, record: Any) -> str:
        return self.value_area(record) or NOTHING

    def value_area(self, record: Any) -> str:
        names = ("upland", "ethnic_minority", "remote")
        return ", ".join(str(Unit._meta.get_field(name).verbose_name) for name in names if getattr(record, name))

    def render_coming(self, record: Any) -> SafeString | str:
        lines = self._coming(record)
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines)) if lines else NOTHING

    def value_coming(self, record: Any) -> str:
        return "; ".join(self._coming(record))

    def _coming(self, record: Any) -> list[str]:
        note = self.notes.get(record.pk)
        return [
            _("%(n)s machines from “%(gift)s”: %(state)s")
            % {"n": one.quantity, "gift": one.gift_title, "state": one.state_label.lower()}
            for one in (note.coming if note else ())
        ]


class GiftTable(Table):
    """Needs the annotations of `queries.gifts.with_stages`. A pledge is not a delivery: all stages side by side."""

    title = Column(
        verbose_name=gettext_lazy("Gift"),
        linkify=("equipment:gift", {"pk": A("pk")}),
        attrs={"cell": {"class": "wide-name"}},
    )
    sponsor = Column(verbose_name=gettext_lazy("Sponsor"), accessor="sponsor__name", order_by="sponsor__sort_key")
    unit = Column(verbose_name=gettext_lazy("Given to"), accessor="unit__name", order_by="unit__sort_key")
    pledged_on = DateColumn(verbose_name=gettext_lazy("Pledged on"))
    pledged = NumberColumn(verbose_name=gettext_lazy("Pledged"))
    allotted = NumberColumn(verbose_name=gettext_lazy("Allotted"))
    handed = NumberColumn(verbose_name=gettext_lazy("Handed over"))
    received = NumberColumn(verbose_name=gettext_lazy("Received"))
    left = NumberColumn(verbose_name=gettext_lazy("Left to allot"))
    amount = MoneyColumn(verbose_name=gettext_lazy("Value (đồng)"))
    paid = MoneyColumn(verbose_name=gettext_lazy("Money received (đồng)"))
    state = Column(verbose_name=gettext_lazy("State"))

    class Meta:
        model = Gift
        fields = (
            "title",
            "sponsor",
            "unit",
            "pledged_on",
            "pledged",
            "allotted",
            "handed",
            "received",
            "left",
            "amount",
            "paid",
            "state",
        )

    def render_state(self, record: Any) -> SafeString:
        if self._done(record):
            return status_badge("good", _("Received in full"))
        return status_badge(GIFT_TONES[record.state], record.get_state_display())

    def value_state(self, record: Any) -> str:
        return _("Received in full") if self._done(record) else str(record.get_state_display())

    def _done(self, record: Any) -> bool:
        came, promised = (record.paid, record.amount) if record.form == "money" else (record.received, record.pledged)
        return bool(record.state == GiftState.PLEDGED and came >= promised)

    def render_paid(self, record: Any) -> str:
        return NOTHING if record.form != "money" else self.columns["amount"].column.render(record.paid)

    def _thing(self, record: Any, value: int) -> str:
        return NOTHING if record.form == "money" else self.columns["amount"].column.render(value)

    def render_pledged(self, record: Any, value: int) -> str:
        return self._thing(record, value)

    def render_allotted(self, record: Any, value: int) -> str:
        return self._thing(record, value)

    def render_handed(self, record: Any, value: int) -> str:
        return self._thing(record, value)

    def render_received(self, record: Any, value: int) -> str:
        return self._thing(record, value)

    def render_left(self, record: Any, value: int) -> str:
        return self._thing(record, value)


class HandoverTable(Table):
    number = Column(
        verbose_name=gettext_lazy("Minutes"),
        linkify=("equipment:handover", {"pk": A("pk")}),
        attrs={"cell": {"class": "nowrap"}},
        order_by=("year", "sequence"),
    )
    on = DateColumn(verbose_name=gettext_lazy("Date"))
    receiver = Column(verbose_name=gettext_lazy("Receiver"), accessor="receiver__name", order_by="receiver__sort_key")
    gift = Column(verbose_name=gettext_lazy("Gift"), accessor="gift__title")
    quantity = NumberColumn(verbose_name=gettext_lazy("Quantity"), accessor="things")
    handed_on = DateColumn(verbose_name=gettext_lazy("Handed over"))
    received_on = DateColumn(verbose_name=gettext_lazy("Received"))
    scan = Column(verbose_name=gettext_lazy("Signed scan"), accessor="scan_name", orderable=False, empty_values=())
    state = StatusColumn(verbose_name=gettext_lazy("State"), tones=HANDOVER_TONES)

    class Meta:
        model = Handover
        fields = ("number", "on", "receiver", "gift", "quantity", "handed_on", "received_on", "scan", "state")

    def render_scan(self, value: str) -> str:
        return _("Yes") if value else NOTHING

    def value_scan(self, value: str) -> str:
        return _("Yes") if value else ""


class ItemTable(Table):
    name = Column(
        verbose_name=gettext_lazy("Thing"),
        accessor="model",
        empty_values=(),
        linkify=("equipment:item", {"pk": A("pk")}),
    )
    serial = Column(verbose_name=gettext_lazy("Serial number"))
    unit = Column(verbose_name=gettext_lazy("Kept at"), accessor="unit__name", order_by="unit__sort_key")
    kind = Column(verbose_name=gettext_lazy("Kind"), accessor="kind__name")
    ram_gb = NumberColumn(verbose_name=gettext_lazy("Memory (GB)"))
    storage_gb = NumberColumn(verbose_name=gettext_lazy("Storage (GB)"))
    year = Column(verbose_name=gettext_lazy("Year of make"), attrs={"cell": {"class": "num"}})
    received_on = DateColumn(verbose_name=gettext_lazy("Received on"))
    value = MoneyColumn(verbose_name=gettext_lazy("Value (đồng)"))
    asset_code = Column(verbose_name=gettext_lazy("Asset book number"))
    condition = StatusColumn(verbose_name=gettext_lazy("Condition"), tones=CONDITION_TONES)

    class Meta:
        model = Item
        fields = (
            "name",
            "serial",
            "unit",
            "kind",
            "ram_gb",
            "storage_gb",
            "year",
            "received_on",
            "value",
            "asset_code",
            "condition",
        )

    def render_name(self, record: Item) -> str:
        return record.model or record.kind.name

    def value_name(self, record: Item) -> str:
        return record.model or record.kind.name
