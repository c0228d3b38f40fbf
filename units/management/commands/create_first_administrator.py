"""`manage.py create_first_administrator EMAIL "Full name"`: the way in where nobody has an account yet."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import gettext as _

from units.actions import create_administrator


class Command(BaseCommand):
    help = "Create a national administrator and print a one-time link by which that person sets the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("full_name")
        parser.add_argument("--another", action="store_true", help="although there is a national administrator already")
        parser.add_argument("--base-url", default="", help="the portal's address, to be put in front of the link")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user, secret = create_administrator(
                email=options["email"], full_name=options["full_name"], another=options["another"]
            )
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        address = options["base_url"].rstrip("/") + reverse("accounts:first-password", args=[secret])
        self.stdout.write(_("%(person)s is now a national administrator.") % {"person": user})
        self.stdout.write(_("One-time link, good for seven days: %(address)s") % {"address": address})
