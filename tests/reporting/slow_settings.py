"""The portal's settings, with mails that go to a folder one by one."""

from unilogin_portal.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.reporting.slow_mail.Backend"
