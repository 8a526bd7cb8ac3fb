"""Where a page may send a browser: within the portal only."""

from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 500


def local_path(path: str | None) -> str:
    """Return `path` if it is a path of the portal itself, else nothing: no scheme, no host, no backslash tricks,
    no control characters.
    """
    if not path or len(path) > LONGEST or not path.startswith("/") or not path.isprintable():
        return ""
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""
