from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SponsorsConfig(AppConfig):
    name = "sponsors"
    verbose_name = _("Sponsors")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # registrations need loaded models, hence the late imports
        from imports.registry import register
        from sponsors.importing import SponsorImporter

        register(SponsorImporter())
