"""The Celery application: the same tasks run in-process (memory broker) or in workers (Redis)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dtportal.settings")
app = Celery("dtportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
