"""What the lists of this room can be narrowed down by."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, FilterSet, ModelChoiceFilter, SearchFilter, YesNoFilter
from core.keys import key_of
from programmes.choices import Direction, MeasureKind, MeasureSource, TaskState
from programmes.models import Indicator, Measure, Pillar, Programme, Target, Task
from units.models import Unit


def visible_programmes(request: HttpRequest | None) -> QuerySet[Programme]:
    return Programme.objects.visible_to(request.user) if request else Programme.objects.none()


def pillars_on_offer(request: HttpRequest | None) -> QuerySet[Pillar]:
    """Pillars of the programme that is chosen, without one those of all visible programmes."""
    found = Pillar.objects.filter(programme__in=visible_programmes(request))
    wanted = key_of(request.GET.get("programme", "")) if request else None
    return found.filter(programme=wanted) if wanted else found


def answerable_units(request: HttpRequest | None) -> QuerySet[Unit]:
    """Units that are answerable for a visible task."""
    if request is None:
        return Unit.objects.none()  # type: ignore[no-any-return]  # treebeard ships no types
    tasks = Task.objects.visible_to(request.user)
    return Unit.objects.filter(pk__in=tasks.values("owner")).in_order()  # type: ignore[no-any-return]


def groups_of(model: type[Measure] | type[Indicator]) -> list[tuple[str, str]]:
    names = model._default_manager.exclude(group="").order_by("group").values_list("group", flat=True).distinct()
    return [(name, name) for name in names]


class ProgrammeFilter(FilterSet):
    q = SearchFilter(["search", "owner__search"])
    running = YesNoFilter(label=_("Running today"), method="filter_running")

    class Meta:
        model = Programme
        fields: list[str] = []

    def filter_running(self, queryset: QuerySet[Programme], name: str, value: str) -> QuerySet[Programme]:
        today = timezone.localdate()
        running = Q(start__lte=today) & (Q(end__isnull=True) | Q(end__gte=today))
        return queryset.filter(running if value == "yes" else ~running) if value else queryset


class TaskFilter(FilterSet):
    q = SearchFilter(["search", "owner__search"])
    programme = ModelChoiceFilter(label=_("Programme"), queryset=visible_programmes)
    pillar = ModelChoiceFilter(label=_("Pillar"), queryset=pillars_on_offer)
    state = ChoiceFilter(label=_("State"), choices=TaskState.choices)
    late = YesNoFilter(label=_("Late"), method="filter_late")
    owner = ModelChoiceFilter(label=_("Responsible unit"), queryset=answerable_units)

    class Meta:
        model = Task
        fields: list[str] = []

    def filter_late(self, queryset: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        late = Task.objects.late(timezone.localdate()).values("pk")
        return queryset.filter(pk__in=late) if value == "yes" else queryset.exclude(pk__in=late)


class TargetFilter(FilterSet):
    q = SearchFilter(["indicator__search", "unit__search"])

    class Meta:
        model = Target
        fields: list[str] = []


class IndicatorFilter(FilterSet):
    q = SearchFilter(["search"])
    group = ChoiceFilter(label=_("Group"), choices=lambda: groups_of(Indicator))
    kind = ChoiceFilter(label=_("Kind"), choices=MeasureKind.choices, field_name="numerator__kind")
    direction = ChoiceFilter(label=_("Direction"), choices=Direction.choices)
    programme = ModelChoiceFilter(
        label=_("Followed by"), queryset=visible_programmes, field_name="chosen__programme", distinct=True
    )
    active = YesNoFilter(label=_("In use"))

    class Meta:
        model = Indicator
        fields: list[str] = []


class MeasureFilter(FilterSet):
    q = SearchFilter(["search"])
    group = ChoiceFilter(label=_("Group"), choices=lambda: groups_of(Measure))
    kind = ChoiceFilter(label=_("Kind"), choices=MeasureKind.choices)
    source = ChoiceFilter(label=_("Source"), choices=MeasureSource.choices)
    active = YesNoFilter(label=_("In use"))

    class Meta:
        model = Measure
        fields: list[str] = []
