from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = _("Submissions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # models are ready only now
        from imports.registry import register as register_importer
        from programmes.tabs import register as register_tab
        from submissions import checks, duties, panels, receivers, work  # noqa: F401 - importing work registers it
        from submissions.importing import ProvinceReportImporter, UnitReportImporter
        from units.duties import register as register_duties
        from units.panels import register as register_panel
        from units.reorganisation_checks import register as register_check
        from units.signals import reorganisation_applied

        register_duties(duties.report_duties)
        register_importer(UnitReportImporter())
        register_importer(ProvinceReportImporter())
        register_panel(panels.REPORTS)
        register_tab("submissions:forms", _("Forms"))
        register_check("submissions", checks.open_reports)
        reorganisation_applied.connect(receivers.follow_reorganisation, dispatch_uid="submissions.follow")
