"""A mail server that is not there: a backend whose line breaks, and that refuses, as the tests say."""

import smtplib
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Server:
    """What reached the server, and how it answers: an error by address, or for the line itself."""

    def __init__(self) -> None:
        self.answers: dict[str, Exception] = {}
        self.unreachable = False
        self.took: list[EmailMessage] = []
        self.lines = 0
        self.hangs_up_after: int | None = None


server = Server()


class Smtp(smtplib.SMTP):
    """The line of a mail server that hangs up after some mails."""

    def __init__(self) -> None:
        self.carried = 0

    def noop(self) -> tuple[int, bytes]:
        if server.hangs_up_after is not None and self.carried >= server.hangs_up_after:
            raise smtplib.SMTPServerDisconnected
        return 250, b"OK"


class Backend(BaseEmailBackend):
    connection: Smtp | None = None

    def open(self) -> bool:
        if server.unreachable:
            raise ConnectionRefusedError
        if self.connection is None:
            self.connection = Smtp()
            server.lines += 1
        return True

    def close(self) -> None:
        self.connection = None

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        assert self.connection is not None
        for message in messages:
            message.message()
            if error := server.answers.get(message.to[0]):
                raise error
            server.took.append(message)
            self.connection.carried += 1
        return len(messages)
