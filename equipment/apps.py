from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EquipmentConfig(AppConfig):
    name = "equipment"
    verbose_name = _("Equipment")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # registrations need loaded models, hence the late imports
        from equipment import receivers, work  # noqa: F401 - importing registers the background work
        from units.signals import reorganisation_applied

        reorganisation_applied.connect(
            receivers.follow_reorganisation, dispatch_uid="equipment.follow_reorganisation"
        )
