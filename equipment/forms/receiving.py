"""Forms of the receiver: confirm, refuse, add the signed scan. Made for a phone: what is known is filled in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, Form, IntegerField, LineField, NotesField
from equipment.actions.receipts import Received
from equipment.actions.scans import check_scan
from equipment.forms.giving import serials_field
from equipment.models import HandoverLine

SCAN_HELP = gettext_lazy("A photo or scan of the signed minutes: PDF, JPG or PNG, at most 10 MB.")


class ScanField(forms.FileField):
    """A picture or PDF by its content; a phone offers its camera."""

    widget = forms.ClearableFileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        scan = super().clean(data, initial)
        if isinstance(scan, UploadedFile):
            try:
                check_scan(scan)
            except forms.ValidationError as refusal:
                raise forms.ValidationError(refusal.message_dict["scan"]) from refusal
        return scan


class ReceiptForm(Form):
    """What came: as the minutes say, unless the person says otherwise."""

    received_on = DateField(label=gettext_lazy("Received on"))
    receiver_name = LineField(label=gettext_lazy("Who received"), max_length=120, required=False)
    receiver_position = LineField(label=gettext_lazy("Position"), max_length=160, required=False)
    scan = ScanField(label=gettext_lazy("Signed minutes"), required=False, help_text=SCAN_HELP)
    note = NotesField(label=gettext_lazy("Note"), max_length=1000, required=False)

    def __init__(self, *args: Any, lines: list[HandoverLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self._add_line(line)
        first = [name for line in lines for name in (f"quantity_{line.pk}", f"serials_{line.pk}")]
        self.order_fields(["received_on", *first])

    def received(self) -> list[Received]:
        return [
            Received(line.pk, self.cleaned_data[f"quantity_{line.pk}"], tuple(self._serials(line)))
            for line in self.lines
        ]

    def _add_line(self, line: HandoverLine) -> None:
        what = line.allotment.line.model or line.allotment.line.kind.name
        self.fields[f"quantity_{line.pk}"] = IntegerField(
            label=_("How many came: %(what)s") % {"what": what},
            min_value=0,
            max_value=line.quantity,
            error_messages={"max_value": _("The minutes hold %(most)s.") % {"most": line.quantity}},
        )
        self.initial.setdefault(f"quantity_{line.pk}", line.quantity)
        if line.quantity == 1:  # one thing came or the receipt is refused: nothing to type
            self.fields[f"quantity_{line.pk}"].widget = forms.HiddenInput()
        if line.allotment.line.kind.registered:
            self.fields[f"serials_{line.pk}"] = serials_field(line, required=False)
            self.initial.setdefault(f"serials_{line.pk}", "\n".join(line.serials))

    def _serials(self, line: HandoverLine) -> list[str]:
        return [typed for typed in self.cleaned_data.get(f"serials_{line.pk}", "").split("\n") if typed.strip()]


class ScanForm(Form):
    scan = ScanField(label=gettext_lazy("Signed minutes"), help_text=SCAN_HELP)
