"""Forms of gifts: the pledge with its lines, payments, withdrawal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DateField, Form, IntegerField, LineField, ModelForm, NotesField
from core.keys import key_of
from core.stale import StaleGuard
from equipment.actions.gifts import LineData
from equipment.choices import GiftForm as FormOfGift
from equipment.models import Gift, GiftLine, ItemKind
from programmes.models import Programme
from sponsors.models import Sponsor
from units.choices import Right, UnitKind
from units.models import Unit
from units.permissions import granted_units, units_with

if TYPE_CHECKING:
    from accounts.models import User

MOST_LINES = 50
EMPTY_LINES = 3
_LINE_FIELD = re.compile(r"lines-([0-9]+)-(\w+)")
MAIN = ("title", "sponsor", "unit", "form", "pledged_on", "amount")
LARGEST_SMALL = 32_767  # what a small integer column holds
LARGEST = 2_147_483_647


class LineForm(StaleGuard, Form):
    """One line of a gift. An empty new line is passed over."""

    line_id = IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ModelChoiceField(ItemKind.objects.none(), label=_("Kind"))
    quantity = IntegerField(label=_("Quantity"), min_value=1, max_value=1_000_000)
    model = LineField(label=_("Model"), max_length=120, required=False)
    specification = LineField(label=_("Specification"), max_length=200, required=False)
    ram_gb = IntegerField(label=_("Memory (GB)"), min_value=1, max_value=LARGEST_SMALL, required=False)
    storage_gb = IntegerField(label=_("Storage (GB)"), min_value=1, max_value=LARGEST, required=False)
    year = IntegerField(label=_("Year of make"), min_value=1990, max_value=2100, required=False)
    unit_value = IntegerField(label=_("Unit price (đồng)"), min_value=0, required=False)
    remove = forms.BooleanField(label=_("Take this line away"), required=False)

    def __init__(self, *args: Any, line: GiftLine | None = None, **kwargs: Any) -> None:
        if line is not None:
            names = ("quantity", "model", "specification", "ram_gb", "storage_gb", "year", "unit_value")
            kwargs["initial"] = {name: getattr(line, name) for name in names}
            kwargs["initial"] |= {"line_id": line.pk, "kind": line.kind_id}
        super().__init__(*args, empty_permitted=line is None, **kwargs)
        self.line = line
        kept = Q(active=True) if line is None else Q(active=True) | Q(pk=line.kind_id)
        self.fields["kind"].queryset = ItemKind.objects.filter(kept)  # type: ignore[attr-defined]  # a ModelChoiceField
        if line is None:
            del self.fields["remove"]

    def data_of_line(self) -> LineData | None:
        """What the line shall be; None for an empty new line."""
        if self.line is None and not self.has_changed():
            return None
        cleaned = {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}
        cleaned.pop("line_id", None)
        return LineData(**cleaned, line_id=self.line.pk if self.line else None)


class GiftForm(StaleGuard, ModelForm):
    """A pledge and its lines. Offered are the units and sponsors with which the person deals."""

    class Meta:
        model = Gift
        fields = [
            "title",
            "sponsor",
            "unit",
            "form",
            "pledged_on",
            "amount",
            "ceremony_on",
            "ceremony_place",
            "connecting_body",
            "programme",
            "wishes",
            "code",
            "note",
        ]
        labels = {
            "title": _("Title of the gift"),
            "unit": _("Given to"),
            "amount": _("Value of the whole gift (đồng)"),
            "code": _("Code"),
        }
        help_texts = {
            "title": _("For example: 20 desktop computers for communes without one."),
            "pledged_on": _("The day of the promise or of the symbolic board. Deliveries are recorded by minutes."),
            "amount": _("Needed for gifts in money."),
            "wishes": _("To whom the sponsor wants the things to go."),
            "code": _("Left empty, the next free code of the year is taken."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["code"].required = False
        fields["sponsor"].queryset = Sponsor.objects.visible_to(user).order_by("sort_key")
        fields["programme"].queryset = Programme.objects.visible_to(user)
        fields["unit"].queryset = givers(user, self.instance.unit_id)
        if self.instance.pk is None:
            fields["unit"].initial = fields["unit"].queryset.first()
        else:
            for name in ("unit", "form"):  # who keeps the gift and what it is stays
                fields[name].disabled = True
        self.lines = self._line_forms()

    def is_valid(self) -> bool:
        right = [line.is_valid() for line in self.lines]
        return super().is_valid() and all(right)

    def main_fields(self) -> list[Any]:
        return [self[name] for name in MAIN]

    def more_fields(self) -> list[Any]:
        """Folded away: a short pledge needs none of them."""
        return [self[name] for name in self.Meta.fields if name not in MAIN]

    @property
    def opens_more(self) -> bool:
        return any(field.errors or field.value() for field in self.more_fields())

    def line_data(self) -> list[LineData]:
        """The lines as they shall be; those of money gifts are refused by the action."""
        return [data for line in self.lines if (data := line.data_of_line())]

    def place(self, refusal: ValidationError) -> ValidationError:
        """Puts errors of lines at their fields; returns the error to raise for the rest."""
        if not hasattr(refusal, "error_dict"):
            return refusal
        rest: dict[str, Any] = {}
        filled = [line for line in self.lines if line.data_of_line()]
        for name, errors in refusal.error_dict.items():
            found = _LINE_FIELD.fullmatch(name)
            if found and found[2] in (line := filled[int(found[1])]).fields:
                line.add_error(found[2], errors)
            else:
                rest[name] = errors
        return ValidationError(rest or _("Correct the lines below."))

    def _line_forms(self) -> list[LineForm]:
        """The lines as the page showed them: by their keys, for somebody may have added or removed one since."""
        stored = {} if self.instance.pk is None else {line.pk: line for line in self.instance.lines.order_by("pk")}
        if not self.is_bound:
            empty: list[GiftLine | None] = [None] * EMPTY_LINES
            shown = [*stored.values(), *empty]
            return [LineForm(prefix=f"lines-{index}", line=line) for index, line in enumerate(shown)]
        forms_of_lines = []
        for index in range(MOST_LINES):
            text = self.data.get(f"lines-{index}-line_id")
            if text is None:
                break
            key = key_of(text)
            line = stored.get(key) if key else None
            forms_of_lines.append(LineForm(data=self.data, prefix=f"lines-{index}", line=line))
        return forms_of_lines


class PaymentForm(Form):
    on = DateField(label=_("Received on"))
    amount = IntegerField(label=_("Amount (đồng)"), min_value=1)
    document = LineField(
        label=_("Document"), max_length=100, required=False, help_text=_("Number of the receipt or transfer.")
    )


class ReasonForm(Form):
    """The reason of what cannot be taken back easily."""

    reason = NotesField(label=_("Reason"), max_length=300)


def givers(user: User, chosen: int | None = None) -> Any:
    """Units to which gifts are given: those where the person is at home, and the provinces below the centre."""
    today = timezone.localdate()
    homes = granted_units(user, Right.GIVE).values("pk")
    wide = units_with(user, Right.GIVE).filter(kind__in=[UnitKind.CENTRE, UnitKind.PROVINCE]).values("pk")
    offered = Unit.objects.filter(Q(pk__in=homes) | Q(pk__in=wide), pk__in=Unit.objects.active(today).values("pk"))
    return Unit.objects.filter(Q(pk__in=offered.values("pk")) | Q(pk=chosen)).order_by("depth", "sort_key")


__all__ = ["FormOfGift", "GiftForm", "LineForm", "PaymentForm", "ReasonForm", "givers"]
