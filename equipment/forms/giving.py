"""Forms of the giver: allotments, minutes, handing over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, Form, IntegerField, LineField, ModelForm, NotesField, RowsField
from core.stale import StaleGuard
from equipment.actions.allotments import Share
from equipment.actions.handovers import DEFAULT_MARK, Paper
from equipment.models import Allotment, Handover, HandoverLine
from units.models import Unit


class AllotForm(Form):
    """How many each unit shall get; an empty number leaves the unit out."""

    on = DateField(label=gettext_lazy("Allotted on"))
    reason = LineField(
        label=gettext_lazy("Reason or decision"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("It is shown at every allotment of this round."),
    )

    def __init__(self, *args: Any, units: Sequence[Unit], chosen: frozenset[int] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units
        for unit in units:
            name = f"unit_{unit.pk}"
            self.fields[name] = IntegerField(label=unit.name, min_value=0, max_value=1_000_000, required=False)
            self.initial.setdefault(name, 1 if unit.pk in chosen else None)

    def shares(self) -> list[Share]:
        asked = ((unit, self.cleaned_data.get(f"unit_{unit.pk}")) for unit in self.units)
        return [Share(unit, quantity) for unit, quantity in asked if quantity]

    def rows(self) -> list[tuple[Unit, Any]]:
        """Each unit with its bound field, for the template."""
        return [(unit, self[f"unit_{unit.pk}"]) for unit in self.units]


class AllotmentChoices(RowsField):
    def label_from_instance(self, obj: Any) -> str:
        words = {"unit": obj.unit.name, "n": obj.quantity, "counted_in": obj.line.kind.counted_in}
        return _("%(unit)s: %(n)s %(counted_in)s") % {**words, "what": obj.line.model}


class PrepareForm(Form):
    """One round of minutes: which allotments, and what all of them share."""

    allotments = AllotmentChoices(Allotment.objects.none(), label=gettext_lazy("For these allotments"))
    first_number = IntegerField(
        label=gettext_lazy("First number"),
        min_value=1,
        max_value=99_999,
        required=False,
        help_text=gettext_lazy(
            "Several receivers get the following numbers. Left empty, the series of the year goes on."
        ),
    )
    mark = LineField(label=gettext_lazy("Mark after the number"), max_length=20, initial=DEFAULT_MARK)
    on = DateField(label=gettext_lazy("Date of the minutes"))
    place = LineField(label=gettext_lazy("Place of the handover"), max_length=200)
    legal_basis = NotesField(
        label=gettext_lazy("Basis"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("One line for each decision or letter; printed as “Căn cứ …”."),
    )
    giver_name = LineField(label=gettext_lazy("Who hands over"), max_length=120)
    giver_position = LineField(label=gettext_lazy("Position"), max_length=160, required=False)
    note = NotesField(label=gettext_lazy("Note"), max_length=1000, required=False)

    def __init__(self, *args: Any, allotments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["allotments"].queryset = allotments  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
        self.initial.setdefault("allotments", list(allotments.values_list("pk", flat=True)))

    def paper(self) -> Paper:
        names = ("on", "place", "legal_basis", "giver_name", "giver_position", "note", "mark")
        return Paper(**{name: self.cleaned_data[name] for name in names})


class HandoverForm(StaleGuard, ModelForm):
    """Minutes before they are handed over, with the serial numbers of each line."""

    class Meta:
        model = Handover
        fields = [
            "on",
            "place",
            "legal_basis",
            "giver_name",
            "giver_position",
            "receiver_name",
            "receiver_position",
            "note",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines: list[HandoverLine] = list(
            self.instance.lines.filter(void=False).select_related("allotment__line__kind")
        )
        for line in self.lines:
            if line.allotment.line.kind.registered:
                self.fields[f"serials_{line.pk}"] = serials_field(line, required=False)
                self.initial[f"serials_{line.pk}"] = "\n".join(line.serials)

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.changed_values().items() if not name.startswith("serials_")}

    def serials(self) -> dict[int, list[str]]:
        """The serial numbers that were typed, by line."""
        named = {line.pk: f"serials_{line.pk}" for line in self.lines}
        return {pk: self.cleaned_data[name].split("\n") for pk, name in named.items() if name in self.cleaned_data}


class HandOverForm(Form):
    on = DateField(label=gettext_lazy("Handed over on"))


class HandOverManyForm(Form):
    """Many prepared minutes at once."""

    handovers = RowsField(Handover.objects.none(), label=gettext_lazy("These minutes"))
    on = DateField(label=gettext_lazy("Handed over on"))

    def __init__(self, *args: Any, handovers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["handovers"]
        field.queryset = handovers
        field.label_from_instance = lambda paper: f"{paper.number} · {paper.receiver.name}"
        self.initial.setdefault("handovers", list(handovers.values_list("pk", flat=True)))


def serials_field(line: HandoverLine, *, required: bool) -> forms.Field:
    """One serial number, or one in each line where there are several things."""
    what = {"what": line.allotment.line.model or line.allotment.line.kind.name}
    label = _("Serial number of %(what)s") % what if line.quantity == 1 else _("Serial numbers of %(what)s") % what
    help_text = "" if line.quantity == 1 else _("One in each line, at most %(n)s.") % {"n": line.quantity}
    if line.quantity == 1:
        return LineField(label=label, max_length=60, required=required, help_text=help_text)
    return NotesField(label=label, max_length=20_000, required=required, help_text=help_text)
