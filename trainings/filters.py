"""What the list of trainings can be narrowed down by."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, DateFilter, ModelChoiceFilter, SearchFilter
from programmes.models import Programme
from sponsors.models import Sponsor
from trainings.choices import Topic, TrainingKind, TrainingState
from trainings.models import TrainingClass
from units.filters import ProvinceFilterSet, UnitFilter, provinces_seen
from units.models import Lineage, Unit


def visible_trainings(request: HttpRequest | None) -> QuerySet[TrainingClass]:
    return TrainingClass.objects.visible_to(request.user) if request else TrainingClass.objects.none()


def programmes_on_offer(request: HttpRequest | None) -> QuerySet[Programme]:
    return Programme.objects.filter(trainings__in=visible_trainings(request)).distinct()


def sponsors_on_offer(request: HttpRequest | None) -> QuerySet[Sponsor]:
    return Sponsor.objects.filter(trainings__in=visible_trainings(request)).distinct().order_by("sort_key", "pk")


class TrainingFilter(ProvinceFilterSet):
    q = SearchFilter(["search", "organiser__search"], label=_("Title, place, organiser"))
    province = ModelChoiceFilter(queryset=provinces_seen, label=_("Province, city"), method="inside")
    unit = UnitFilter(label=_("Unit and those below"), method="inside")
    kind = ChoiceFilter(label=_("Kind"), choices=TrainingKind.choices)
    topic = ChoiceFilter(label=_("Topic"), choices=Topic.choices)
    state = ChoiceFilter(label=_("State"), choices=TrainingState.choices)
    since = DateFilter(label=_("Ended from"), field_name="end", lookup_expr="gte")
    until = DateFilter(label=_("Ended until"), field_name="end", lookup_expr="lte")
    programme = ModelChoiceFilter(label=_("Programme"), queryset=programmes_on_offer)
    sponsor = ModelChoiceFilter(label=_("Sponsor"), queryset=sponsors_on_offer)

    class Meta:
        model = TrainingClass
        fields: list[str] = []

    def inside(self, queryset: QuerySet[TrainingClass], name: str, value: Unit) -> QuerySet[TrainingClass]:
        """The unit, what is below it, and what came before them."""
        return queryset.filter(organiser__in=Lineage.objects.filter(ancestor=value).values("unit"))
