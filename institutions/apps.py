from django.apps import AppConfig

from unilogin_portal.lib.metrics import AT_SCRAPE


class InstitutionsConfig(AppConfig):
    name = "institutions"

    def ready(self) -> None:
        from .importing.figures import NightCollector  # noqa: PLC0415 - models are there from now on

        AT_SCRAPE.register(NightCollector())
