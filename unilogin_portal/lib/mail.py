"""Mail: plain text from a template, sent after the transaction that causes it, never inside."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

log = structlog.get_logger("unilogin.mail")


def send_on_commit(template: str, to: str, context: Mapping[str, Any], *, language: str = "da") -> None:
    """Send `emails/<template>.txt` to `to` once the transaction stands.

    The template's first line is the subject, under 60 characters. A mail that cannot be sent is logged without its
    address and does not undo what it tells of.
    """
    with override(language):
        text = render_to_string(f"emails/{template}.txt", {"origin": settings.ORIGIN, **context})
    subject, _, body = text.partition("\n")
    message = EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[to])

    def send() -> None:
        try:
            message.send()
        except Exception as error:  # an address that no mail server takes fails in many ways
            log.error("mail_not_sent", template=template, error=type(error).__name__)

    transaction.on_commit(send)
