from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "imports"
    verbose_name = _("Imports from Excel")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # registrations need loaded models, hence the late imports
        from imports import work  # noqa: F401 - importing registers the work
        from imports.contacts import ContactImporter, contact_links
        from imports.registry import register
        from units.links import register as register_links

        register(ContactImporter())
        register_links(contact_links)
