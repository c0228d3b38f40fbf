"""Compute the keys of all trainees anew: after settings.PERSON_KEY was changed, best between two years."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from core.numbers import format_number
from trainings.actions import rekey


class Command(BaseCommand):
    help = "Compute the keys of all trainees anew, after PERSON_KEY was changed."

    def handle(self, *args: Any, **options: Any) -> None:
        renewed, left = rekey()
        self.stdout.write(_("Keys renewed: %(count)s trainees.") % {"count": format_number(renewed)})
        if left:
            text = _("%(count)s trainees have no name any more and keep their old keys.")
            self.stdout.write(text % {"count": format_number(left)})
