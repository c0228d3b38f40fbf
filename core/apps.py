from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Portal")

    def ready(self) -> None:
        # Inline: the module reads settings and URLs, which exist only once the apps are loaded.
        from core.access import check_routes

        register(check_routes)
