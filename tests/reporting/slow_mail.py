"""A backend that writes each mail to a file of its own, and takes its time, so that a worker can be killed at it."""

import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Backend(BaseEmailBackend):
    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        folder = Path(os.environ["SLOW_MAIL_DIR"])
        for message in messages:
            time.sleep(0.01)
            part = folder / f".{secrets.token_hex(8)}"
            part.write_bytes(message.message().as_bytes())
            part.rename(folder / part.name[1:])  # it has gone, or it has not
            time.sleep(0.01)
        return len(messages)
