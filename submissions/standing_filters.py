"""What the lists of who has reported, and of what people were told, can be narrowed down by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, DateFilter, FilterSet, FilterTag, SearchFilter
from submissions.choices import UNSENT, MailState, NoticeMail, Occasion, Standing
from submissions.models import Notice, NoticeQuerySet
from submissions.queries.completeness import overdue
from submissions.queries.outlook import Outlook
from units.filters import UnitFilter, UnitSearch

if TYPE_CHECKING:
    from units.models import UnitQuerySet

NOT_SENT = "unsent"


class StandingFilter(FilterSet):
    """Units by how far they are with the chosen period of the outlook, for which they carry their standing."""

    q = UnitSearch(["search"], label=_("Name, former name or code"))
    period = ChoiceFilter(label=_("Period"), method="nothing_yet", empty_label=None)
    state = ChoiceFilter(label=_("State"), method="in_state")
    late = ChoiceFilter(label=_("Deadline"), choices=[("yes", _("Only late or overdue ones"))], method="only_late")
    unit = UnitFilter(label=_("Units below"), method="nothing_yet")
    form = ChoiceFilter(label=_("Form"), widget=forms.HiddenInput, method="nothing_yet")

    def __init__(self, data: QueryDict, *args: Any, outlook: Outlook, **kwargs: Any) -> None:
        chosen = data.copy()
        chosen["period"] = str(outlook.period.pk)  # what is shown, also where the address does not say it
        super().__init__(chosen, *args, **kwargs)
        self.outlook = outlook
        self.filters["form"].extra["choices"] = [(str(form.pk), form.name) for form in outlook.forms]
        self.filters["period"].extra["choices"] = [(str(period.pk), period.label) for period in outlook.periods]
        self.filters["state"].extra["choices"] = [
            (NOT_SENT, _("Not sent (nothing, draft, to be signed, returned)")),
            *((state.value, state.label) for state in Standing if state != Standing.ABSENT),
        ]

    def tags(self) -> list[FilterTag]:
        """Without what the head of the page says: from where one looks, and at which form and period."""
        return [tag for tag in super().tags() if tag.name not in {"unit", "form", "period"}]

    def in_state(self, queryset: UnitQuerySet, name: str, value: str) -> UnitQuerySet:
        wanted = UNSENT if value == NOT_SENT else (value,)
        return queryset.filter(**{f"{self.outlook.key}__in": wanted})  # type: ignore[no-any-return]

    def only_late(self, queryset: UnitQuerySet, name: str, value: str) -> UnitQuerySet:
        period = self.outlook.period
        kinds = overdue([period], self.outlook.today)[period.pk]
        unsent = Q(kind__in=kinds, **{f"{self.outlook.key}__in": UNSENT})
        return queryset.filter(unsent | Q(**{self.outlook.key: Standing.LATE}))  # type: ignore[no-any-return]

    def nothing_yet(self, queryset: UnitQuerySet, name: str, value: Any) -> UnitQuerySet:
        """Read by the outlook, which stands before the filters."""
        return queryset


class NoticeFilter(FilterSet):
    q = SearchFilter(["unit__search", "person__search"], label=_("Unit or person"))
    occasion = ChoiceFilter(choices=Occasion.choices, label=_("Occasion"))
    mail = ChoiceFilter(choices=[*MailState.choices, *NoticeMail.choices], label=_("E-mail"), method="by_result")
    since = DateFilter(field_name="created_at", lookup_expr="date__gte", label=_("From"))
    until = DateFilter(field_name="created_at", lookup_expr="date__lte", label=_("To"))
    unit = UnitFilter(label=_("Unit"))

    class Meta:
        model = Notice
        fields: list[str] = []

    def by_result(self, queryset: NoticeQuerySet, name: str, value: str) -> NoticeQuerySet:
        return queryset.filter(Q(mail__state=value) if value in MailState else Q(by_mail=value))
