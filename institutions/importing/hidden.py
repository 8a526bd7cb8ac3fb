"""CPR numbers where none belong: in local ids and file names. They are not kept, printed or logged there."""

import hashlib
import os
import re
import unicodedata

from unilogin_portal.lib import crypto

from ..numbers import cpr_birth_date

_MARK = "cpr:"
_CONTEXT = "membership.local_person_id"
_SHORTEST = 10
# Six and four digits, however they are parted.
_CPR = re.compile(r"(?<!\d)(\d{6})[\s.\-\u2010-\u2015]?(\d{4})(?!\d)")


def holds_cpr(text: str) -> bool:
    """Whether a CPR number stands anywhere in `text`."""
    if len(text) < _SHORTEST:
        return False
    plain = unicodedata.normalize("NFKC", text)
    return any(cpr_birth_date(found[1] + found[2]) for found in _CPR.finditer(plain))


def kept_local_id(local_id: str) -> str:
    """Return a local id as it may be kept: in place of one that holds a CPR number, a keyed hash, always the same."""
    if not holds_cpr(local_id):
        return local_id
    return _MARK + hashlib.sha256(crypto.seal(local_id, _CONTEXT)).hexdigest()[:40]


def is_hidden(local_id: str) -> bool:
    return local_id.startswith(_MARK)


def shown_file_name(name: str) -> str:
    """Return a file's name as it may be shown: CPR numbers masked, and nothing in it that moves a terminal's cursor."""
    readable = os.fsencode(name).decode(errors="replace")
    visible = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in readable)
    return _CPR.sub("xxxxxx-xxxx", unicodedata.normalize("NFKC", visible)) if holds_cpr(visible) else visible
