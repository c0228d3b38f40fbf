from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IssuingConfig(AppConfig):
    name = "issuing"
    verbose_name = _("Issued reports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # registrations need loaded models, hence the late imports
        import issuing.work  # noqa: F401 - registers the work of the room
        from issuing.duties import report_duties
        from issuing.panels import QUOTED
        from reports.panels import register as register_panel
        from units.duties import register as register_duty

        register_duty(report_duties)
        register_panel(QUOTED)
