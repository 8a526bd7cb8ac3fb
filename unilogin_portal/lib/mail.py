"""Mail: plain text from a template, sent after the transaction that causes it, never inside."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

log = structlog.get_logger("unilogin.mail")


def message_of(
    template: str,
    to: str,
    context: Mapping[str, Any],
    *,
    language: str = "da",
    html: bool = False,
    headers: Mapping[str, str] | None = None,
    return_path: str = "",
) -> EmailMultiAlternatives:
    """Return `emails/<template>.txt` as a mail to `to`; with `html`, `emails/<template>.html` says the same beside it.

    The text's first line is the subject, under 60 characters. What cannot be delivered comes back to `return_path`,
    or else to whom it is from.
    """
    full = {"origin": settings.ORIGIN, **context}
    with override(language):
        text = render_to_string(f"emails/{template}.txt", full)
        subject, _, body = text.partition("\n")
        page = render_to_string(f"emails/{template}.html", {"subject": subject.strip(), **full}) if html else ""
    sender = settings.DEFAULT_FROM_EMAIL
    message = EmailMultiAlternatives(
        subject=subject.strip(),
        body=body.strip() + "\n",
        from_email=return_path or sender,  # the envelope's; the header says who it is from
        to=[to],
        headers={"From": sender, **(headers or {})},
    )
    if page:
        message.attach_alternative(page, "text/html")
    return message


def send_on_commit(template: str, to: str, context: Mapping[str, Any], *, language: str = "da") -> None:
    """Send `emails/<template>.txt` to `to` once the transaction stands.

    A mail that cannot be sent is logged without its address and does not undo what it tells of.
    """
    message = message_of(template, to, context, language=language)

    def send() -> None:
        try:
            message.send()
        except Exception as error:  # an address that no mail server takes fails in many ways
            log.error("mail_not_sent", template=template, error=type(error).__name__)

    transaction.on_commit(send)
