"""Optimistic locking: a form has the version of its row, so that it does not silently overwrite somebody's change.

The version is a digest of each value that the forms of a page show. When the forms are submitted, the version is
compared with the current rows, which are locked: a value that was changed in the meantime and that a form would
overwrite is a conflict. The page is then shown again, with the typed values, the saved values and the new version.
Saving it once more overwrites the saved values.
"""

import json
from collections.abc import Iterable, Iterator
from hashlib import blake2s
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.utils import ErrorList
from django.forms.widgets import Input

from roster import json_text

PARAMETER = "_version"
"""The hidden form field of the version: {row: {field: digest}} as JSON."""

EMPTY_LABEL = "nothing"

CONFLICT = "saved_meanwhile"
"""The error code of a field that has a conflict."""

DELETED_MESSAGE = "Somebody has deleted this row meanwhile. It stays deleted, and what you typed here is not saved."


def form_version(all_forms: Iterable[Any]) -> str:
    """The version of the rows of these forms, for their page. A deleted row that was reported has an empty version."""
    saved = {key_of(form): version_of(form) for form in all_forms if is_of_saved_row(form)}
    deleted: dict[str, dict[str, str]] = {key_of(form): {} for form in all_forms if getattr(form, "is_gone", False)}
    return json.dumps({**saved, **deleted})


def is_of_saved_row(form: Any) -> bool:
    return isinstance(form, forms.ModelForm) and form.instance.pk is not None and not getattr(form, "is_gone", False)


def key_of(form: Any) -> str:
    """The key of a row in the version, such as “roster.user:127”. A deleted row has the submitted id."""
    opts = form._meta.model._meta
    pk = form.instance.pk
    return f"{opts.label_lower}:{form.data.get(form.add_prefix(opts.pk.name)) if pk is None else pk}"


def version_of(form: Any) -> dict[str, str]:
    """A digest of the stored value of each field that the form may change."""
    changeable = ((name, form.fields[name]) for name in form.base_fields if name in form.fields)
    return {name: digest(form.get_initial_for_field(field, name)) for name, field in changeable if not field.disabled}


def digest(value: Any) -> str:
    text = json.dumps(comparable(value), cls=Encoder, sort_keys=True)
    return blake2s(text.encode(), digest_size=6).hexdigest()


def comparable(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, list) and all(isinstance(item, Model) for item in value):
        return sorted(item.pk for item in value)
    return value


class Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def submitted_version(form: Any) -> dict[str, Any] | None:
    """The version of the row that was submitted with a form; None if there is none."""
    try:
        version = json_text.parse(form.data.get(PARAMETER, ""))[key_of(form)]
    except (ValueError, LookupError, TypeError):
        return None
    return version if isinstance(version, dict) else None


def is_edited(form: Any) -> bool:
    """Of the form of a deleted row: was one of its values changed, or was it marked for deletion?"""
    if form.data.get(form.add_prefix(DELETION_FIELD_NAME)):
        return True
    for name, before in (submitted_version(form) or {}).items():
        try:
            if name in form.fields and digest(form.fields[name].clean(form[name].data)) != before:
                return True
        except forms.ValidationError:
            return True
    return False


def concurrently_changed_fields(form: Any) -> list[str]:
    """The fields of a form whose values have changed in the database since its page was built."""
    submitted = submitted_version(form) or {}
    return [name for name, current in version_of(form).items() if submitted.get(name) != current]


def conflicts(form: Any) -> Iterator[tuple[str, str]]:
    """Each field that was saved in the meantime and that the form would overwrite, with an error message for it."""
    for name in concurrently_changed_fields(form):
        if name in form.changed_data:
            bound = form[name]
            saved = display_value(bound, bound.initial)
            if form.has_error(name):  # the typed value is not valid, and the field has an error that says why
                yield name, f"Saved meanwhile: {saved}."
            else:
                yours = display_value(bound, bound.data)
                yield name, f"Saved meanwhile: {saved}. Yours: {yours}. To keep yours, save once more."


def has_conflicts(errors: Iterable[Any]) -> tuple[bool, bool]:
    """Do these errors of a page contain a conflict, and do they contain any other error?"""
    codes = {
        getattr(error, "code", None)
        for each in errors
        for error in (each.as_data() if isinstance(each, ErrorList) else [each])
    }
    return CONFLICT in codes, bool(codes - {CONFLICT})


def display_value(bound: Any, value: Any) -> str:
    """The text of a stored or submitted value of a field, for people."""
    field = bound.field
    if isinstance(field, forms.ModelChoiceField):
        return names_of(field, value)
    if isinstance(field, forms.NullBooleanField):
        return f"“{dict(field.widget.choices)[field.widget.format_value(value)]}”"
    if isinstance(field, forms.BooleanField):
        return "yes" if field.to_python(value) else "no"
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        value = {str(key): label for key, label in choices}.get(str(value), value)
    text = " ".join(input_texts(field.widget, field.prepare_value(value)))
    return f"“{text}”" if text else EMPTY_LABEL


def input_texts(widget: Any, value: Any) -> list[str]:
    """The texts that a widget shows for a value: one, or one for each of its inputs."""
    if isinstance(widget, forms.MultiWidget):
        parts: Any = value if isinstance(value, list | tuple) else widget.decompress(value)
        return [text for inner, part in zip(widget.widgets, parts, strict=False) for text in input_texts(inner, part)]
    text = widget.format_value(value) if isinstance(widget, Input | forms.Textarea) else value
    return ["" if text is None else str(text)]


def names_of(field: Any, value: Any) -> str:
    """The names of the chosen rows."""
    values = value if isinstance(value, list | tuple) else [value]
    try:
        chosen = [getattr(each, "pk", each) for each in values if each not in (None, "")]
        found = list(field.queryset.filter(pk__in=chosen))
    except (ValueError, TypeError, OverflowError):
        found = []
    return ", ".join(f"“{row}”" for row in found) or EMPTY_LABEL


def lock(model: type[Model], ids: Iterable[Any]) -> bool:
    """Lock these rows until the end of the transaction, in a fixed order to avoid deadlocks. Are there any?"""
    rows = model._base_manager.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    return bool(rows.values_list("pk"))
