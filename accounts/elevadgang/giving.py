"""*Giv ny adgangskode*: windows for the pupils that were chosen, each opened in the capacity that reaches them."""

from collections.abc import Callable, Iterable
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import reset_windows
from ..models import User
from ..reset_windows import Opened
from .access import Capacity


def give(users: Iterable[User], capacity_of: Callable[[User], Capacity], *, by: User) -> Opened:
    """Open a window for each pupil, a transaction for each institution."""
    opened = Opened([], [], [])
    ordered = sorted(users, key=lambda user: (capacity_of(user).institution, user.pk))
    for capacity, some in groupby(ordered, key=capacity_of):
        more = reset_windows.open_for(some, by=by, role=capacity.role, institution=capacity.institution)
        opened = Opened(
            [*opened.windows, *more.windows], [*opened.blocked, *more.blocked], [*opened.others, *more.others]
        )
    return opened


def tell(request: HttpRequest, opened: Opened) -> None:
    """Say what came of it; who got nothing is named."""
    number = len(opened.windows)
    if number == 1:
        name = opened.windows[0].user.shown_name
        messages.success(request, _("The window is open for %(name)s.") % {"name": name})
    elif number:
        messages.success(request, _("The windows are open for %(count)s pupils.") % {"count": number})
    if opened.blocked:
        names = ", ".join(user.shown_name for user in opened.blocked)
        text = ngettext(
            "%(names)s is blocked and got no window. A user administrator can unblock.",
            "%(names)s are blocked and got no window. A user administrator can unblock.",
            len(opened.blocked),
        )
        messages.warning(request, text % {"names": names})
    if opened.others:
        names = ", ".join(user.shown_name for user in opened.others)
        text = ngettext(
            "%(names)s is not only a pupil and got no window. The new password takes MitID.",
            "%(names)s are not only pupils and got no window. Their new passwords take MitID.",
            len(opened.others),
        )
        messages.warning(request, text % {"names": names})
