from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "unilogin_portal"
    label = "portal"

    def ready(self) -> None:
        from . import checks  # noqa: F401, PLC0415  (registers them)
