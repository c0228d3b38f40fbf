"""`manage.py load_forms PROGRAMME --by PERSON`: the form that the portal starts with, and the public holidays."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from core.periods import label, month_of, parse_month
from core.verdicts import Denied
from programmes.models import Programme
from submissions import starter


class Command(BaseCommand):
    help = "Creates and publishes the monthly form of a programme, and adds public holidays; edits are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("programme", help="code of the programme that the form belongs to")
        parser.add_argument("--by", required=True, help="sign-in name of who keeps the catalogue there")
        parser.add_argument("--first-month", default="", help="month/year of the first period; this month unless told")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        programme = Programme.objects.filter(code=options["programme"]).first()
        person = User.objects.filter(username=options["by"], is_active=True).first()
        if programme is None:
            known = ", ".join(Programme.objects.order_by("code").values_list("code", flat=True))
            raise CommandError(f"There is no programme {options['programme']!r}. There are: {known or 'none'}.")
        if person is None:
            raise CommandError(f"Nobody signs in as {options['by']!r}.")
        try:
            first = parse_month(options["first_month"]) if options["first_month"] else month_of(today)
            form = starter.load(programme=programme, first_month=first, by=person, today=today)
        except Denied as refusal:
            raise CommandError(refusal.reason) from refusal
        except (ValidationError, ValueError) as refusal:
            raise CommandError("; ".join(getattr(refusal, "messages", [str(refusal)]))) from refusal
        holidays = starter.load_holidays()
        self.stdout.write(f"{form.code}: {form.periods.count()} periods since {label(form.first_month)}")
        self.stdout.write(f"holidays +{holidays}")
