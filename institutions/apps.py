from django.apps import AppConfig

from unilogin_portal.lib.metrics import AT_SCRAPE


class InstitutionsConfig(AppConfig):
    name = "institutions"

    def ready(self) -> None:
        from accounts import reset_mail  # noqa: PLC0415

        from .access import helper_in_words  # noqa: PLC0415
        from .importing.figures import NightCollector  # noqa: PLC0415 - models are there from now on

        AT_SCRAPE.register(NightCollector())
        reset_mail.name_helpers_by(helper_in_words)
