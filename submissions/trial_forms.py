"""The values that rules are tried with."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from core.forms import DecimalField, Form
from core.numbers import format_plain
from programmes.models import Measure
from submissions.queries import Sheet

NOW, BEFORE = "n", "b"  # prefixes of the fields
Typed = dict[int, Decimal | None]


class TrialForm(Form):
    """A value for this period and one reported before for each measure; first what the unit has reported."""

    def __init__(self, *args: Any, sheet: Sheet, measures: Iterable[Measure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.measures = sheet, list(measures)
        for measure in self.measures:
            for prefix, value in ((NOW, self._now(measure)), (BEFORE, self._before(measure))):
                places = {"decimals": measure.decimals, "required": False}
                self.fields[f"{prefix}-{measure.pk}"] = DecimalField(
                    label=measure.name, initial=None if value is None else format_plain(value), **places
                )

    def rows(self) -> list[tuple[Measure, Any, Any]]:
        """Each measure with its two inputs."""
        return [(m, self[f"{NOW}-{m.pk}"], self[f"{BEFORE}-{m.pk}"]) for m in self.measures]

    def values(self) -> tuple[Typed, Typed]:
        """What was typed, by measure: for the period and before. What cannot be read counts as not reported."""
        if not self.is_bound:
            return {}, {}
        self.full_clean()
        now, before = (
            {measure.pk: self.cleaned_data.get(f"{prefix}-{measure.pk}") for measure in self.measures}
            for prefix in (NOW, BEFORE)
        )
        return now, before

    def _now(self, measure: Measure) -> Decimal | None:
        return self.sheet.value(measure.pk)

    def _before(self, measure: Measure) -> Decimal | None:
        known = self.sheet.facts.before.get(measure.pk)
        return known.value if known else None
