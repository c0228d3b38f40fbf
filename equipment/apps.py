from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EquipmentConfig(AppConfig):
    name = "equipment"
    verbose_name = _("Equipment")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # registrations need loaded models, hence the late imports
        from equipment import checks, duties, panels, receivers, work  # noqa: F401 - importing registers the work
        from equipment.importing import GiftImporter, ItemImporter
        from imports.registry import register as register_importer
        from sponsors.panels import register as register_sponsor_panel
        from units.duties import register as register_duties
        from units.panels import register as register_panel
        from units.reorganisation_checks import register as register_check
        from units.signals import reorganisation_applied

        register_importer(GiftImporter())
        register_importer(ItemImporter())
        register_panel(panels.OF_UNIT)
        register_sponsor_panel(panels.OF_SPONSOR)
        register_duties(duties.equipment_duties)
        register_check("equipment", checks.what_needs_a_decision)
        reorganisation_applied.connect(receivers.follow_reorganisation, dispatch_uid="equipment.follow_reorganisation")
