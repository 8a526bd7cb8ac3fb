"""The handful of tags that every page uses. They are built in: no template loads them."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from ..lib import dates
from ..lib.status import ICONS, Status

register = template.Library()

SPRITE = "dkfds/img/all-svg-icons.svg"
PICTURES = "img/pictures.svg"
ANIMALS = "img/animals.svg"
ALERT_WORDS = {
    "info": gettext_lazy("Information"),
    "success": gettext_lazy("Done"),
    "warning": gettext_lazy("Warning"),
    "error": gettext_lazy("Error"),
}
ALERT_ROLES = {"success": "status", "error": "alert"}


@register.simple_tag
def icon(name: str, label: str | Promise = "", css: str = "") -> SafeString:
    """An icon of the design system's sprite: hidden from screen readers, or an image that is called `label`."""
    meaning = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon-svg{}" focusable="false" {}><use href="{}#{}"></use></svg>',
        f" {css}" if css else "",
        meaning,
        static(SPRITE),
        name,
    )


@register.simple_tag
def picture(drawing: Any) -> SafeString:
    """A drawing of the portal's own sprite, hidden from screen readers: its name stands beside it."""
    return format_html(
        '<svg class="picture" focusable="false" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static(PICTURES),
        drawing.id,
    )


@register.simple_tag
def animal(drawing: Any, label: str | Promise = "") -> SafeString:
    """An animal on its yellow disc: hidden from screen readers where its name stands beside it, else called `label`."""
    meaning = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<span class="animal"><svg class="picture" focusable="false" {}><use href="{}#{}"></use></svg></span>',
        meaning,
        static(ANIMALS),
        drawing.id,
    )


@register.filter
def numbered(text: str, number: int) -> str:
    """A text with its `#` replaced: the same text serves the script."""
    return text.replace("#", str(number))


@register.simple_tag
def status(state: Any, text: str = "", icon_name: str = "") -> SafeString:
    """`{% status "wait" text %}`, `{% status "bad" text "lock" %}`, or `{% status obj %}`.

    `obj` is a `Status`, or has one in its attribute or method `status`.
    """
    if isinstance(state, str):
        state = Status(state, text, icon_name or ICONS[state])  # type: ignore[arg-type]
    elif not isinstance(state, Status):
        state = state.status() if callable(state.status) else state.status
    return format_html(
        '<span class="status status--{}">{}<span>{}</span></span>', state.tone, icon(state.icon_name), state.text
    )


@register.filter
def day(moment: dt.date | None) -> str:
    return dates.day_text(moment) if moment else ""


@register.filter
def date_only(moment: dt.date | None) -> str:
    return dates.date_text(moment) if moment else ""


@register.filter
def short_day(moment: dt.date | None) -> str:
    return dates.short_text(moment) if moment else ""


@register.filter
def clock(moment: dt.datetime | None) -> str:
    return dates.clock_text(moment) if moment else ""


@register.filter
def when(moment: dt.datetime | None) -> str:
    return dates.when_text(moment) if moment else ""


@register.filter
def day_clock(moment: dt.datetime | None) -> str:
    return dates.moment_text(moment) if moment else ""


@register.filter
def tonight(moment: dt.datetime) -> str:
    return dates.tonight_text(moment)


@register.simple_block_tag
def alert(content: str, tone: str, heading: str = "", role: str = "") -> SafeString:
    """`{% alert "error" _("Heading") %}text, links{% endalert %}`. Errors are announced, successes told quietly."""
    role = role or ALERT_ROLES.get(tone, "")
    return format_html(
        '<div class="alert alert-{tone}"{role}>{icon}<div class="alert-body">{heading}'
        '<div class="alert-text">{content}</div></div></div>',
        tone=tone,
        role=format_html(' role="{}"', role) if role else "",
        icon=icon(tone, ALERT_WORDS[tone], "alert-icon"),
        heading=format_html('<p class="alert-heading">{}</p>', heading) if heading else "",
        content=mark_safe(content.strip()),  # noqa: S308  (rendered by the template, escaped there)
    )


@register.simple_tag
def external(url: str, text: str) -> SafeString:
    """A link that leaves the portal: opens a new window and says so."""
    return format_html(
        '<a class="external" href="{}" target="_blank" rel="noopener noreferrer">{}{}</a>',
        url,
        text,
        icon("open-in-new", gettext("opens in a new window")),
    )


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """What is wrong with a form, above it: links to the fields, in their order, when two or more things are, else only
    what belongs to no field. A single error at a field is told there, and the field has the focus."""
    whole = [str(error) for error in form.non_field_errors()] if form.is_bound else []
    at_fields = [
        (_anchor(form, name), _told_apart(form, name, str(error)))
        for name in form.fields
        for error in form.errors.get(name, ())
    ]
    many = len(whole) + len(at_fields) > 1
    return {"whole": whole, "at_fields": at_fields if many else [], "many": many, "count": len(whole) + len(at_fields)}


def _told_apart(form: BaseForm, name: str, error: str) -> str:
    """Return the error, with its field's label where the words are Django's own: those say the same of every field."""
    field = form.fields[name]
    common = {
        str(message) for kind in type(field).__mro__ for message in getattr(kind, "default_error_messages", {}).values()
    }
    return f"{form[name].label}: {error}" if error in common else error


def _anchor(form: BaseForm, name: str) -> str:
    """Return the id of the field's first control: a group has its own, which no link can go to."""
    field = form[name]
    if field.use_fieldset:
        return next((control.id_for_label for control in field.subwidgets if control.id_for_label), field.auto_id)
    return str(field.id_for_label)


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*parts: str) -> dict[str, Any]:
    """`{% breadcrumbs _("Front page") "portal:front" _("Help") "portal:help" guide.title %}`: label and URL name (or
    path) in turn; the last label is where we are."""
    *path, here = parts
    pairs = zip(path[::2], path[1::2], strict=True)
    return {"links": [(label, _address(target)) for label, target in pairs], "here": here}


def _address(target: str) -> str:
    return target if target.startswith(("/", "#")) else reverse(target)


@register.inclusion_tag("components/area.html", takes_context=True)
def area(
    context: template.Context, name: str, target: str, help_text: str = "", help_target: str = ""
) -> dict[str, Any]:
    """The second row of the header: which part of the portal this is, and where its help stands."""
    return {
        "name": name,
        "url": _address(target),
        "help_text": help_text,
        "help_url": _address(help_target) if help_target else "",
        "AUTHORITY_NAME": context.get("AUTHORITY_NAME", ""),
    }


@register.simple_block_tag(takes_context=True)
def menu(context: template.Context, content: str) -> SafeString:
    """`{% menu %}{% menu_item … %}…{% endmenu %}`: the header's third row, and the same items in the phone's drawer."""
    engine = template.Engine.get_default()
    with context.push(items=mark_safe(content)):  # noqa: S308  (rendered by `menu_item`, escaped there)
        return engine.get_template("components/menu.html").render(context)


@register.filter
def elided(page: Page[Any]) -> Iterator[int | str]:
    """The page numbers round this one, the first and the last, with dots between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.simple_tag(takes_context=True)
def menu_item(
    context: template.Context, label: str, target: str, *also: str, count: int | None = None, warning: str = ""
) -> SafeString:
    """One item. It is marked where we are on its page, or on a page whose URL name is among `also`.

    With a `warning` a yellow sign that says so stands after the label.
    """
    match = getattr(context.get("request"), "resolver_match", None)
    here = match.view_name if match else ""
    current = {target: ' aria-current="page"'}.get(here, ' aria-current="true"' if here in also else "")
    return format_html(
        '<li{}><a class="nav-link" href="{}"{}><span>{}{}{}</span></a></li>',
        mark_safe(' class="active current"') if current else "",
        _address(target),
        mark_safe(current),  # noqa: S308  (one of three fixed texts)
        label,
        "" if count is None else f" ({count})",
        icon("warning", warning, "menu-sign") if warning else "",
    )


@register.simple_block_tag
def side(content: str, heading: str) -> SafeString:
    """`{% side _("Other options") %}{% option … %}…{% endside %}`: the list beside a login panel."""
    return format_html(
        '<section class="side" aria-labelledby="side-heading"><h2 id="side-heading">{}</h2>'
        '<ul class="bordered-list no-max-width">{}</ul></section>',
        heading,
        mark_safe(content.strip()),  # noqa: S308  (rendered by the template, escaped there)
    )


@register.simple_block_tag
def notes(content: str, heading: str) -> SafeString:
    """`{% notes _("Good to know") %}<li>…</li>{% endnotes %}`: short facts beside a login panel."""
    return format_html(
        '<section class="side" aria-labelledby="notes-heading"><h2 id="notes-heading">{}</h2><ul>{}</ul></section>',
        heading,
        mark_safe(content.strip()),  # noqa: S308  (rendered by the template, escaped there)
    )


@register.simple_tag
def option(icon_name: str, label: str, target: str) -> SafeString:
    """One link of `{% side %}`. `target` is a URL name or a path."""
    return format_html('<li><a href="{}">{}{}</a></li>', _address(target), icon(icon_name), label)
