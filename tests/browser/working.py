"""The Celery application for a worker process of the tests: `celery -A tests.browser.working worker`.

It is that of the portal, but e-mails go out at night too: tests run at any hour.
"""

from __future__ import annotations

import django

django.setup()

from dtportal.celery import app  # noqa: E402, F401 - Celery looks for it here
from tests.browser.background import at_any_hour  # noqa: E402

at_any_hour(setattr)
