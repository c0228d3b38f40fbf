"""Forms of machines, and of what administrators keep: kinds and minimum specifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.dates import format_date
from core.forms import DateField, Form, IntegerField, LineField, ModelForm, NotesField
from core.stale import StaleGuard
from equipment import state
from equipment.actions.items import RECORDED, NewItem
from equipment.choices import Condition, ItemEventKind
from equipment.forms.gifts import LARGEST, LARGEST_SMALL
from equipment.models import Item, ItemKind, MinimumSpecification
from equipment.state import Situation
from units.models import Unit

if TYPE_CHECKING:
    from accounts.models import User

MORE = ("place", "specification", "value", "asset_code", "note")
REGISTERED_AS = [(one.value, one.label) for one in (Condition.GOOD, Condition.WEAK, Condition.BROKEN)]


class ItemForm(Form):
    """An existing machine that came by no gift of the portal."""

    kind = forms.ModelChoiceField(ItemKind.objects.filter(active=True, registered=True), label=_("Kind"))
    model = LineField(label=_("Model"), max_length=120, help_text=_("As on the machine, for example Dell Vostro 3710."))
    serial = LineField(label=_("Serial number"), max_length=60, required=False)
    year = IntegerField(label=_("Year of make"), min_value=1990, max_value=2100, required=False)
    ram_gb = IntegerField(label=_("Memory (GB)"), min_value=1, max_value=LARGEST_SMALL, required=False)
    storage_gb = IntegerField(label=_("Storage (GB)"), min_value=1, max_value=LARGEST, required=False)
    received_on = DateField(label=_("Received on"), help_text=_("The day from which the unit has it."))
    condition = forms.ChoiceField(label=_("Condition"), choices=REGISTERED_AS, widget=forms.RadioSelect)
    condition_on = DateField(
        label=_("In this condition since"), required=False, help_text=_("For a weak or broken machine.")
    )
    shared = forms.BooleanField(label=_("Shared with another body"), required=False)
    place = LineField(label=_("Where it stands"), max_length=160, required=False)
    specification = LineField(label=_("Further specification"), max_length=200, required=False)
    value = IntegerField(label=_("Value (đồng)"), min_value=0, required=False)
    asset_code = LineField(label=_("Asset book number"), max_length=40, required=False)
    note = LineField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("condition", Condition.GOOD.value)

    def main_fields(self) -> list[Any]:
        return [field for field in self if field.name not in MORE]

    def more_fields(self) -> list[Any]:
        """Folded away: a commune needs none of them to register a machine."""
        return [self[name] for name in MORE]

    @property
    def opens_more(self) -> bool:
        return any(field.errors or field.value() for field in self.more_fields())

    def entry(self, unit: Unit) -> NewItem:
        return NewItem(unit=unit, **self.cleaned_data)


class ItemEditForm(StaleGuard, ModelForm):
    """Corrections of what was typed wrongly."""

    class Meta:
        model = Item
        fields = [
            "kind",
            "model",
            "serial",
            "year",
            "ram_gb",
            "storage_gb",
            "specification",
            "place",
            "value",
            "asset_code",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ItemKind.objects.filter(registered=True, is_computer=self.instance.kind.is_computer)
        self.fields["kind"].queryset = kinds  # type: ignore[attr-defined]  # a ModelChoiceField

    def _get_validation_exclusions(self) -> set[str]:
        """The action compares serial numbers: its words name no machine that the person may not see."""
        return {*super()._get_validation_exclusions(), "serial"}  # type: ignore[misc]  # Django's own hook


class EventForm(Form):
    """What happened: offered is what can follow the present situation; an earlier day is checked by the action."""

    kind = forms.ChoiceField(label=_("What happened"), widget=forms.RadioSelect)
    on = DateField(label=_("Date"))
    ram_gb = IntegerField(label=_("Memory now (GB)"), min_value=1, max_value=LARGEST_SMALL, required=False)
    storage_gb = IntegerField(label=_("Storage now (GB)"), min_value=1, max_value=LARGEST, required=False)
    note = LineField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, now: Situation, computer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in state.possible(now) if kind in RECORDED]
        if not computer:
            kinds = [kind for kind in kinds if kind not in (ItemEventKind.UPGRADED, ItemEventKind.WEAK)]
        if ItemEventKind.UPGRADED not in kinds:
            del self.fields["ram_gb"], self.fields["storage_gb"]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]


class TransferForm(Form):
    to = forms.ModelChoiceField(Unit.objects.none(), label=_("Transfer to"))
    on = DateField(label=_("Date"))
    place = LineField(label=_("Place there"), max_length=160, required=False)
    note = LineField(label=_("Reason or decision"), max_length=300, required=False)

    def __init__(self, *args: Any, user: User, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Unit.objects.visible_to(user).active(timezone.localdate()).exclude(pk=item.unit_id)
        self.fields["to"].queryset = seen.in_order()  # type: ignore[attr-defined]  # a ModelChoiceField


class DeclareForm(Form):
    on = DateField(label=_("As of"))
    note = LineField(label=_("Note"), max_length=300, required=False)


class KindForm(StaleGuard, ModelForm):
    class Meta:
        model = ItemKind
        fields = ["code", "name", "counted_in", "is_computer", "registered", "active"]


class MinimumForm(StaleGuard, ModelForm):
    """A minimum specification; `confirmed` is asked for once the consequences have been shown."""

    class Meta:
        model = MinimumSpecification
        fields = ["valid_from", "min_ram_gb", "min_storage_gb", "max_age_years", "legal_basis", "note"]

    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def in_words(self) -> str:
        return format_date(self.cleaned_data["valid_from"])


__all__ = [
    "DeclareForm",
    "EventForm",
    "ItemEditForm",
    "ItemForm",
    "KindForm",
    "MinimumForm",
    "NotesField",
    "TransferForm",
]
