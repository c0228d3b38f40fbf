"""Forms of the trainings room. They check by `trainings.rules`, as the actions do; they do not save."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import Form, ModelForm, NotesField
from core.keys import key_of
from core.stale import StaleGuard
from programmes.models import Programme
from programmes.registered import TR_TURNS, measure
from sponsors.models import Sponsor
from trainings.choices import TrainingState
from trainings.models import TrainingClass
from trainings.queries import counted_fields
from trainings.rules import TrainingDetails, problems
from units.choices import Right
from units.models import Unit
from units.permissions import units_with

COUNTS = ("turns", "women", "ethnic_minority", "officers", "members", "certificates")
MORE = ("mode", "place", "trainers", "programme", "sponsor", "note")  # folded away: a commune needs none of them


class TrainingForm(StaleGuard, ModelForm):
    """One training. `end` may stay empty for a single day. Organisers on offer: where the person may enter data."""

    class Meta:
        model = TrainingClass
        fields = ("title", "topic", "kind", "organiser", "state", "start", "end", *COUNTS, *MORE)
        labels = {"title": _("Name of the class or event"), "start": _("First day"), "end": _("Last day")}
        help_texts = {
            "start": _("Day/month/year, for example 21/11/2026."),
            "end": _("Leave empty if it took one day."),
            "turns": _("Count a person once for each class attended."),
        }

    def __init__(self, *args: Any, person: User, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [  # type: ignore[attr-defined]  # a field with choices, see the model
            choice for choice in TrainingState.choices if choice[0] != TrainingState.CANCELLED
        ]
        self.fields["end"].required = False
        if self.data.get(self.add_prefix("state")) == TrainingState.PLANNED:  # nobody has come to a plan yet
            for name in COUNTS:
                self.fields[name].required = False
        self.counted = counted_fields(self.instance) if self.instance.pk else ()
        for name in self.counted:
            self.fields[name].disabled = True
            self.fields[name].help_text = _("From the list of trainees.")
        self._offer_organisers(person)
        self._offer("programme", Programme.objects.visible_to(person))
        self._offer("sponsor", Sponsor.objects.visible_to(person).order_by("sort_key", "pk"))

    @property
    def has_choice_of_organiser(self) -> bool:
        return not self["organiser"].is_hidden

    @property
    def only_organiser(self) -> Unit | None:
        """The unit that a person with a single unit records for: shown, not asked."""
        return None if self.has_choice_of_organiser else self._organisers.first()

    @property
    def opens_more(self) -> bool:
        """Whether the folded part has something to show: an error or a value that is not the usual one."""
        return any(self[name].errors or (self[name].value() and name != "mode") for name in MORE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("start") and not cleaned.get("end") and "end" not in self.errors:
            cleaned["end"] = cleaned["start"]
        for name in COUNTS:
            if name in cleaned and cleaned[name] is None:
                cleaned[name] = 0
        needed = {"title", "topic", "organiser", "start", "end", "state", *COUNTS}
        if needed <= {name for name, value in cleaned.items() if value is not None}:
            for name, text in problems(self.details(), today=self.today).items():
                self.add_error(name, text)
        return cleaned

    def details(self) -> TrainingDetails:
        return TrainingDetails(
            **{name: self.cleaned_data[name] for name in self.Meta.fields if name in self.cleaned_data}
        )

    def _offer_organisers(self, person: User) -> None:
        """Units that are active today; another one only when the page was opened for it (old trainings, old units)."""
        wanted = self.data.get(self.add_prefix("organiser")) or self.get_initial_for_field(
            self.fields["organiser"], "organiser"
        )
        key = wanted.pk if isinstance(wanted, Unit) else key_of(str(wanted))
        allowed = units_with(person, Right.ENTER).filter(kind__in=measure(TR_TURNS).entered_at)
        active = Unit.objects.active(self.today).values("pk")
        self._organisers = allowed.filter(Q(pk__in=active) | Q(pk=key)).order_by("sort_key", "pk")
        field = self.fields["organiser"]
        field.queryset = self._organisers  # type: ignore[attr-defined]  # a ModelChoiceField
        if len(self._organisers[:2]) == 1:
            field.widget = forms.HiddenInput()
            field.initial = self._organisers[0].pk
            self.initial.setdefault("organiser", field.initial)

    def _offer(self, name: str, visible: Any) -> None:
        """Records that the person may see, and the one that is already chosen: an edit must not lose it."""
        chosen = getattr(self.instance, f"{name}_id")
        field = self.fields[name]
        field.queryset = (visible | visible.model.objects.filter(pk=chosen)).distinct()  # type: ignore[attr-defined]
        if not field.queryset.exists():  # type: ignore[attr-defined]
            field.widget = forms.HiddenInput()


class CancelForm(Form):
    reason = NotesField(label=_("Reason"), max_length=300, help_text=_("It is shown on the page of the training."))
