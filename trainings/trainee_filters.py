"""What a list of trainees can be narrowed down by."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.filters import ChoiceFilter, FilterSet, SearchFilter
from trainings.choices import Standing
from trainings.models import Trainee


class TraineeFilter(FilterSet):
    q = SearchFilter(columns=("search",), label=_("Name, position or branch"))
    standing = ChoiceFilter(choices=Standing.choices, label=_("Standing"))

    class Meta:
        model = Trainee
        fields = ("q", "standing")
