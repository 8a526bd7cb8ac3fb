"""What the form templates ask of a field: which markup it takes, and its control with the design system's classes."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()

# The first that fits counts: a check box list is a radio list to Python, and a radio list a choice.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "checkbox"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radio"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.DateInput, "date"),
    (forms.FileInput, "file"),
    (forms.MultiWidget, "group"),
)
CLASSES = {"checkbox": "form-checkbox", "select": "form-select", "file": "form-file", "group": ""}


@register.filter
def control_kind(field: BoundField) -> str:
    """Return the name of the template in `dkfds/` that shows the field."""
    if field.is_hidden:
        return "hidden"
    return next((kind for widget, kind in KINDS if isinstance(field.field.widget, widget)), "input")


@register.filter
def says_optional(field: BoundField) -> bool:
    """Whether "(optional)" stands at the label: at what may stay empty, but never at a single tick box.

    A form whose fields are all optional by nature (a search) sets `mark_optional = False`. Of the fields that it
    names in `unmarked`, others decide whether they may stay empty.
    """
    return (
        not field.field.required
        and not isinstance(field.field.widget, forms.CheckboxInput)
        and getattr(field.form, "mark_optional", True)
        and field.name not in getattr(field.form, "unmarked", ())
    )


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's own control, with the design system's class beside the widget's own."""
    kind = control_kind(field)
    widget = field.field.widget
    attrs: dict[str, Any] = {}
    if css := f"{widget.attrs.get('class', '')} {CLASSES.get(kind, 'form-input')}".strip():
        attrs["class"] = css
    if _is_the_only_error(field):
        attrs["autofocus"] = True
    if kind == "date":
        # The browser's own date field wants ISO dates, whatever the language.
        widget = forms.DateInput(attrs={**widget.attrs, "type": "date"}, format="%Y-%m-%d")
        return field.as_widget(widget, attrs=attrs)
    return field.as_widget(attrs=attrs)


def _is_the_only_error(field: BoundField) -> bool:
    errors = field.form.errors
    return field.name in errors and len(errors) == 1 and len(errors[field.name]) == 1
