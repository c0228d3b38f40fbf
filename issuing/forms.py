"""The forms of reports and templates. They check and clean; they do not save."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, Form, IntegerField, LineField, ModelForm, NotesField
from core.keys import key_of
from core.periods import month_of
from core.stale import StaleGuard
from issuing import safety, wording
from issuing.models import IssuedReport
from issuing.periods import ReportPeriod, offered
from programmes.choices import Basis
from programmes.models import Programme
from units.choices import Right
from units.models import Unit
from units.permissions import granted_units, units_with

if TYPE_CHECKING:
    from accounts.models import User

LARGEST_NUMBER = 99_999


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """The units where the person is at home with the right, and the one that the page was opened for."""

    def offer(self, user: User, wanted: object) -> None:
        key = key_of(str(wanted.pk if isinstance(wanted, Unit) else wanted or ""))
        home = granted_units(user, Right.ISSUE).values("pk")
        self.queryset = units_with(user, Right.ISSUE).filter(Q(pk__in=home) | Q(pk=key)).order_by("depth", "sort_key")
        if self.initial is None:
            self.initial = self.queryset.first()


class DraftForm(Form):
    """Of which unit, on which programme, for which period."""

    unit: Any = UnitField(None, label=gettext_lazy("Unit"), empty_label=None)
    programme: Any = forms.ModelChoiceField(None, label=gettext_lazy("Programme"), empty_label=None)
    period = forms.ChoiceField(label=gettext_lazy("Period"))
    basis = forms.ChoiceField(
        label=gettext_lazy("Reading"),
        choices=[(one.value, one.label) for one in (Basis.TODAY, Basis.THEN)],
        initial=Basis.TODAY,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("How figures from before a reorganisation are counted."),
    )

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(user, self.data.get("unit") or self.initial.get("unit"))  # type: ignore[attr-defined]
        self.fields["programme"].queryset = Programme.objects.visible_to(user).order_by("-start", "code")  # type: ignore[attr-defined]
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (str(kind.label), [(one.key, one.label) for one in periods]) for kind, periods in offered(month_of(today))
        ]
        if "period" not in self.initial:
            self.initial["period"] = next(one.key for kind, some in offered(month_of(today)) for one in some[1:])

    def clean_period(self) -> ReportPeriod:
        return ReportPeriod.from_key(self.cleaned_data["period"])

    def clean_basis(self) -> Basis:
        return Basis(self.cleaned_data["basis"])


class TextForm(StaleGuard, ModelForm):
    """Everything in a report that is written by hand."""

    class Meta:
        model = IssuedReport
        fields = (
            "subject", "addressees", "assessment", "difficulties", "tasks", "proposals", "place", "signs_for", "signer",
            "signer_name", "recipients",
        )  # fmt: skip
        labels = {
            "subject": gettext_lazy("Subject line"),
            "addressees": gettext_lazy("Addressees (Kính gửi)"),
            "assessment": gettext_lazy("Assessment"),
            "difficulties": gettext_lazy("Difficulties and obstacles"),
            "tasks": gettext_lazy("Main tasks ahead"),
            "proposals": gettext_lazy("Proposals and petitions"),
            "place": gettext_lazy("Place in the date line"),
            "signs_for": gettext_lazy("Signed on behalf of (TM.)"),
            "signer": gettext_lazy("Signed by"),
            "signer_name": gettext_lazy("Full name of the signer"),
            "recipients": gettext_lazy("Recipients (Nơi nhận)"),
        }
        help_texts = {
            "addressees": gettext_lazy("One a line. Leave empty for a report that is not sent to a body above."),
            "recipients": gettext_lazy("One a line; the last one is where it is kept, for example “Lưu: VT, BCTPN”."),
            "signs_for": gettext_lazy("The body for which is signed. Leave empty where the chair signs alone."),
            "signer_name": gettext_lazy("Without academic title."),
        }

    def __init__(self, *args: Any, codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("assessment", "difficulties", "tasks", "proposals"):
            self.fields[name].widget.attrs["rows"] = 7
        self.fields["assessment"].help_text = wording.code_help(codes)


class IssueForm(Form):
    """What the clerk's book says."""

    number = IntegerField(label=gettext_lazy("Number"), min_value=1, max_value=LARGEST_NUMBER)
    on = DateField(label=gettext_lazy("Day of the report"), help_text=gettext_lazy("Day/month/year."))


class WithdrawForm(Form):
    reason = NotesField(label=gettext_lazy("Reason"), max_length=1000)


class TemplateForm(Form):
    """A Word template of a unit; the file is looked through and tried before it is kept."""

    unit: Any = UnitField(None, label=gettext_lazy("Unit"), empty_label=None)
    file = forms.FileField(
        label=gettext_lazy("Word template (.docx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        help_text=gettext_lazy("At most 5 MB, without macros and links."),
    )
    note = LineField(label=gettext_lazy("What is new"), max_length=300, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(user, self.data.get("unit"))  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > safety.LARGEST_FILE:
            raise ValidationError(
                _("The template is larger than %(limit)s MB. Remove pictures from it."),
                params={"limit": safety.LARGEST_FILE // safety.MEGABYTE},
            )
        return file
