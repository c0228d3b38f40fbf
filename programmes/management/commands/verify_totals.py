"""`manage.py verify_totals`: compare totals with a computation out of figures, exactly."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from programmes import totals
from programmes.verifying import part_of, verify_and_heal
from units.models import Unit

SHOWN = 50


class Command(BaseCommand):
    help = "Compares totals with figures; exits with 1 and names the keys that differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unit", action="append", metavar="CODE", help="only units with this code, in any life")
        parser.add_argument("--fast", action="store_true", help="only the part that is due today")
        parser.add_argument("--heal", action="store_true", help="also compute anew the units that differ")

    def handle(self, *args: Any, **options: Any) -> None:
        units = chosen_units(options["unit"]) if options["unit"] else None
        if options["fast"]:
            units = part_of(timezone.localdate())
        if options["heal"]:
            differences = verify_and_heal(units).differences
        else:
            differences = tuple(totals.verify(units))
        if not differences:
            self.stdout.write("Totals and figures agree.")
            return
        lines = [f"  {line}" for line in describe(differences[:SHOWN])]
        healed = " They were computed anew." if options["heal"] else ""
        raise CommandError("\n".join([f"{len(differences)} keys differ.{healed}", *lines]))


def chosen_units(codes: list[str]) -> list[int]:
    """The keys of the units with these codes. Raises CommandError for a code that no unit has."""
    found = list(Unit.objects.filter(code__in=codes).values_list("pk", "code"))
    if missing := set(codes) - {code for _, code in found}:
        raise CommandError(f"No unit has the code {', '.join(sorted(missing))}.")
    return sorted(pk for pk, _ in found)


def describe(differences: tuple[totals.Difference, ...]) -> list[str]:
    names = dict(Unit.objects.filter(pk__in={one.unit_id for one in differences}).values_list("pk", "name"))
    return [
        f"{names.get(one.unit_id)} (unit {one.unit_id}), measure {one.measure_id}, month {one.period % 12 + 1:02d}/"
        f"{one.period // 12}: stored {one.stored}, figures say {one.expected} (change, n, n_new)"
        for one in differences
    ]
