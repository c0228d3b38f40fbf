from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingsConfig(AppConfig):
    name = "trainings"
    verbose_name = _("Trainings")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # models are ready only now
        from imports.registry import register as register_importer
        from sponsors.panels import register as register_sponsor_panel
        from trainings import checks, duties, panels
        from trainings.importing import TraineeImporter, TrainingImporter
        from units.duties import register as register_duties
        from units.panels import register as register_panel
        from units.reorganisation_checks import register as register_check

        register_duties(duties.training_duties)
        register_importer(TrainingImporter())
        register_importer(TraineeImporter())
        register_panel(panels.OF_UNIT)
        register_sponsor_panel(panels.OF_SPONSOR)
        register_check("trainings", checks.planned_trainings)
