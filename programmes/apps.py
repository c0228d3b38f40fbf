from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = _("Programmes")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # models are ready only now; importing the receivers connects the signals
        from programmes import duties, panels, receivers, reorganisation_sums, task_receivers  # noqa: F401
        from units import reorganisation_checks
        from units.duties import register as register_duties
        from units.panels import register as register_panel

        register_duties(duties.task_duties)
        register_panel(panels.TASKS)
        reorganisation_checks.register("programmes", reorganisation_sums.check_reorganisation)
