"""What measures and indicators must satisfy so that figures keep adding up."""

from __future__ import annotations

from django.utils.translation import gettext as _

from programmes.choices import MeasureKind
from programmes.models import RANK_LABEL, Figure, Indicator, Measure
from programmes.rules import IndicatorDetails, MeasureDetails, Problems, others
from units.choices import UnitKind

REPORTING_KINDS = (UnitKind.COMMUNE, UnitKind.ATTACHED, UnitKind.PROVINCE, UnitKind.CENTRE)


def measure_problems(details: MeasureDetails, *, stored: Measure | None) -> Problems:
    found = _limit_problems(details) | _whole_problems(details, stored)
    if others(Measure.objects.all(), stored).filter(code__iexact=details.code).exists():
        found["code"] = _code_taken(details.code)
    unknown = set(details.entered_at) - set(REPORTING_KINDS)
    if not details.entered_at or unknown:
        found["entered_at"] = _("Choose at least one kind of unit that reports.")
    if stored:
        found |= _fixed_problems(details, stored)
    return found


def indicator_problems(details: IndicatorDetails, *, stored: Indicator | None) -> Problems:
    found: Problems = {}
    if others(Indicator.objects.all(), stored).filter(code__iexact=details.code).exists():
        found["code"] = _code_taken(details.code)
    given = details.numerator.kind == MeasureKind.GIVEN
    if details.denominator is None:
        return found
    if details.denominator == details.numerator:
        found["denominator"] = _("The denominator must be another measure than the numerator.")
    elif given != (details.denominator.kind == MeasureKind.GIVEN):
        found["denominator"] = _("A given measure goes only with a given measure: neither is ever added up.")
    elif given != (details.unit_label == RANK_LABEL):
        found["unit_label"] = _("A rank is written with the unit “%(unit)s”, and nothing else is.") % {
            "unit": RANK_LABEL
        }
    return found


def _limit_problems(details: MeasureDetails) -> Problems:
    found: Problems = {}
    if not 0 <= details.decimals <= 2:
        found["decimals"] = _("Choose 0, 1 or 2 decimals.")
    if details.maximum is not None and details.maximum < details.minimum:
        found["maximum"] = _("The greatest value lies below the least value.")
    if details.kind == MeasureKind.FLAG:
        if details.decimals:
            found["decimals"] = _("A yes-or-no measure has no decimals.")
        if details.minimum != 0:
            found["minimum"] = _("A yes-or-no measure is 0 or 1.")
        if details.maximum not in (None, 1):
            found["maximum"] = _("A yes-or-no measure is 0 or 1.")
    return found


def _whole_problems(details: MeasureDetails, stored: Measure | None) -> Problems:
    if details.whole is None:
        return _parts_kept(details, stored)
    if stored and _leads_back(details.whole, stored):
        return {"whole": _("“%(whole)s” is itself this measure or one of its parts.") % {"whole": details.whole.name}}
    if details.whole.kind != details.kind:
        return {
            "whole": _("A part is of the same kind as its whole: “%(whole)s” is “%(kind)s”.")
            % {"whole": details.whole.name, "kind": details.whole.get_kind_display()}
        }
    return _parts_kept(details, stored)


def _parts_kept(details: MeasureDetails, stored: Measure | None) -> Problems:
    """A whole cannot change its kind away from that of its parts."""
    part = stored.parts.exclude(kind=details.kind).first() if stored else None
    if part is None:
        return {}
    return {"kind": _("Its part “%(part)s” is of another kind. Change the part first.") % {"part": part.name}}


def _leads_back(whole: Measure | None, measure: Measure) -> bool:
    """Whether the chain of wholes comes by this measure."""
    while whole is not None:
        if whole.pk == measure.pk:
            return True
        whole = whole.whole
    return False


def _fixed_problems(details: MeasureDetails, stored: Measure) -> Problems:
    """What figures and records rely on stays as it is."""
    found: Problems = {}
    if stored.computed and details.code != stored.code:
        found["code"] = _("This measure is computed from records and found by its code: the code stays.")
    if details.kind != stored.kind and (stored.computed or Figure.objects.filter(measure=stored).exists()):
        found["kind"] = _("There are figures of this kind already. Create a new measure instead.")
    return found


def _code_taken(code: str) -> str:
    return _("The code “%(code)s” is taken. Choose another one.") % {"code": code}
