"""Sessions in the database, under a hash of their key, with what their user may see of them.

The key in the cookie is never stored: a copy of the table opens no session.
"""

import hashlib
import string
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import get_random_string

from unilogin_portal.lib import crypto

from .devices import device_name
from .models import LoginSession

METHOD_KEY = "login_method"
DEVICE_KEY = "device"
MITID_KEY = "mitid_session"
# One log-in's own name, the same for as long as the session lasts: what an adult approves belongs to it alone.
LOGIN_ID_KEY = "login_id"
_KEY_CHARACTERS = string.ascii_lowercase + string.digits
STARTED_KEY = "started"
USED_KEY = "used"
# "Last used" and the session's end are written again only when this old: one write a while, not one a page.
FRESH = timedelta(minutes=2)
# However busily it is used, a session ends: a school day, and the evening's homework.
LONGEST = timedelta(hours=12)


def hashed(session_key: str) -> str:
    """Return what stands in the table for the key in a cookie. The key has 160 random bits, so no salt is needed."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def mitid_name_hash(name_id: str) -> str:
    """Return what stands in the table for the NameID of a MitID log-in; nothing for none."""
    return crypto.fingerprint(name_id, "session.mitid_name") if name_id else ""


class SessionStore(DatabaseStore):
    """Django's database sessions on `LoginSession`, addressed by hash."""

    # The row of a session that was begun anew and is not saved yet.
    _replaced = ""

    @classmethod
    def get_model_class(cls) -> type[LoginSession]:
        return LoginSession

    def _get_session_from_db(self) -> LoginSession | None:
        now = timezone.now()
        row = LoginSession.objects.filter(
            session_key=hashed(self.session_key or ""), expire_date__gt=now, started_at__gt=now - LONGEST
        ).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return LoginSession.objects.filter(session_key=hashed(session_key)).exists()

    def _get_new_session_key(self) -> str:
        """Return a key of 160 random bits without asking whether it is taken: if ever, `create` draws another."""
        return get_random_string(32, _KEY_CHARACTERS)

    def cycle_key(self) -> None:
        """Give the session a new key. One that was just emptied has none: it gets its first when it is saved."""
        if self.session_key is not None or not self.is_empty():
            super().cycle_key()

    def begin_anew(self) -> None:
        """Empty the session and take its key away. Its row becomes that of the next key, when the session is saved."""
        self._replaced = hashed(self.session_key) if self.session_key else ""
        self.clear()
        self._session_key = None

    def save(self, must_create: bool = False) -> None:
        if must_create and self._replaced:
            replaced, self._replaced = self._replaced, ""
            row = self.create_model_instance(dict(self.items()))
            columns = {field.attname: getattr(row, field.attname) for field in LoginSession._meta.concrete_fields}
            if LoginSession.objects.filter(session_key=replaced).update(**columns):
                return
        super().save(must_create)

    def create_model_instance(self, data: dict[str, Any]) -> LoginSession:
        now = timezone.now()
        data.setdefault(STARTED_KEY, now.timestamp())
        data[USED_KEY] = now.timestamp()
        return LoginSession(
            session_key=hashed(self._key_or_new()),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get(SESSION_KEY),
            method=data.get(METHOD_KEY, ""),
            device=data.get(DEVICE_KEY, ""),
            mitid_name_hash=mitid_name_hash(data.get(MITID_KEY, {}).get("name_id", "")),
            started_at=datetime.fromtimestamp(data[STARTED_KEY], UTC),
            last_used_at=now,
        )

    def _key_or_new(self) -> str:
        if self._session_key is None:
            self._session_key = self._get_new_session_key()
        return str(self._session_key)

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            LoginSession.objects.filter(session_key=hashed(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        LoginSession.objects.filter(expire_date__lt=timezone.now()).delete()


def note_no_use(request: HttpRequest) -> None:
    """Note that a page asked by itself what is new: nobody need be there, so the session grows no longer by it."""
    request.asked_by_itself = True  # type: ignore[attr-defined]


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's, and it keeps a session in use alive."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = request.session
        if session.accessed and not session.is_empty() and not getattr(request, "asked_by_itself", False):
            used = session.get(USED_KEY)
            if used is not None and used < timezone.now().timestamp() - FRESH.total_seconds():
                session.modified = True
        return super().process_response(request, response)


def name_device(request: HttpRequest) -> None:
    """Note in the session which browser this is, in words that its user will know it by."""
    request.session[DEVICE_KEY] = device_name(request.headers.get("User-Agent", ""))


def end_sessions(user_id: int, *, except_key: str | None = None) -> int:
    """End the user's sessions, but the one whose key is `except_key`; return how many ended."""
    sessions = LoginSession.objects.filter(user_id=user_id)
    if except_key:
        sessions = sessions.exclude(session_key=hashed(except_key))
    return sessions.delete()[0]
