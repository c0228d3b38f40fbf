"""Keeping measures and indicators. Nothing is removed: what is no longer used is taken out of use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts import audit
from core.verdicts import require
from programmes.actions.writing import change, locked, refuse
from programmes.catalogue_rules import indicator_problems, measure_problems
from programmes.choices import MeasureSource
from programmes.models import Indicator, Measure
from programmes.permissions import may_keep_catalogue
from programmes.rules import IndicatorDetails, MeasureDetails

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def create_measure(*, details: MeasureDetails, by: User) -> Measure:
    """A new measure that is entered in forms; computed ones come with the rooms that compute them.

    Raises Denied unless the person keeps the catalogue, ValidationError by field.
    """
    require(may_keep_catalogue(by))
    refuse(measure_problems(details, stored=None))
    measure = Measure.objects.create(source=MeasureSource.FORM, **details.as_values())
    audit.record(by=by, action="programmes.create_measure", obj=measure, after=details.as_values())
    return measure


@transaction.atomic
def edit_measure(*, measure: Measure, details: MeasureDetails, by: User) -> Measure:
    """Changes a measure. Its kind stays once there are figures, its code where records are counted under it."""
    require(may_keep_catalogue(by))
    measure = locked(measure)
    refuse(measure_problems(details, stored=measure))
    change(measure, details.as_values(), by=by, action="programmes.edit_measure", unit_id=None)
    return measure


@transaction.atomic
def create_indicator(*, details: IndicatorDetails, by: User) -> Indicator:
    """A new indicator over existing measures."""
    require(may_keep_catalogue(by))
    refuse(indicator_problems(details, stored=None))
    indicator = Indicator.objects.create(**details.as_values())
    after = details.as_values() | {"numerator": details.numerator.code}
    audit.record(by=by, action="programmes.create_indicator", obj=indicator, after=after)
    return indicator


@transaction.atomic
def edit_indicator(*, indicator: Indicator, details: IndicatorDetails, by: User) -> Indicator:
    """Changes an indicator; its values are computed from its measures, so they follow at once."""
    require(may_keep_catalogue(by))
    indicator = locked(indicator)
    refuse(indicator_problems(details, stored=indicator))
    change(indicator, details.as_values(), by=by, action="programmes.edit_indicator", unit_id=None)
    return indicator
