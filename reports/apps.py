from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # a registration needs loaded models, hence the late imports
        from reports.panels import register
        from reports.persons import PERSONS

        register(PERSONS)
