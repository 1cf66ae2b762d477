"""What the admin's forms share: constraints as form errors, lists written one a line, flags of three states."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.fields import InvalidJSONInput
from django.forms.utils import ErrorDict
from django.forms.widgets import Input
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from roster import json_text
from roster.admin import optimistic_locking


class ConstraintForm(forms.ModelForm):
    """A form that writes what somebody has changed, and nothing else.

    It checks every constraint of its row, also those on columns that it does not ask for. What was sent back as the
    page showed it is kept as it is stored, and not held against today's rules. What somebody else has saved since the
    page was made is not overwritten.
    """

    is_gone = False
    """Has its row been deleted since the page was made? Then nothing of the form is saved."""
    _kept: frozenset[str] = frozenset()

    @cached_property
    def changed_data(self) -> list[str]:
        if self.is_gone:
            return []
        changed = forms.ModelForm.changed_data.__get__(self, type(self))
        return changed if self.instance.pk is None else [name for name in changed if not is_as_shown(self[name])]

    def full_clean(self) -> None:
        if not (self.is_bound and self.is_gone):
            super().full_clean()
            return
        self._errors, self.cleaned_data = ErrorDict(), {}
        if optimistic_locking.submitted_version(self) != {} and optimistic_locking.is_edited(self):
            self.add_error(None, optimistic_locking.DELETED_MESSAGE)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        if self.instance.pk is None:
            return
        columns = {field.name for field in self.instance._meta.concrete_fields if not field.is_relation}
        self._kept = frozenset(columns.intersection(self.fields).difference(self.changed_data))
        for name in self._kept:
            self._errors.pop(name, None)
            self.cleaned_data[name] = getattr(self.instance, name)

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), *self._kept}  # type: ignore[misc]

    def validate_unique(self) -> None:
        """Of what is unique, everything counts: it is the first thing asked after the fields were looked at."""
        self._kept = frozenset()
        super().validate_unique()

    def prepare_instance(self) -> None:
        """Give the row what its constraints ask for, before it takes the form's values and is checked."""

    def check_instance(self) -> None:
        """Add the errors that no constraint finds, after the row was checked."""

    def _post_clean(self) -> None:
        self.prepare_instance()
        super()._post_clean()  # type: ignore[misc]
        if optimistic_locking.is_of_saved_row(self):
            for name, sentence in optimistic_locking.conflicts(self):
                self.add_error(name, ValidationError(sentence, code=optimistic_locking.CONFLICT))
        try:
            self.instance.validate_constraints(exclude=set(self.errors))
        except ValidationError as error:
            reported = [message for messages in self.errors.values() for message in messages]
            if others := [message for message in error.messages if message not in reported]:
                self.add_error(None, others)
        self.check_instance()


def is_as_shown(bound: Any) -> bool:
    """Was this field sent back as the page showed it? Browsers write line ends anew, and trim addresses."""
    widget, sent = bound.field.widget, bound.data
    if not isinstance(widget, Input | forms.Textarea | forms.MultiWidget) or isinstance(widget, forms.CheckboxInput):
        return False
    value = bound.initial if isinstance(widget, forms.MultiWidget) else bound.field.prepare_value(bound.initial)
    shown = optimistic_locking.input_texts(widget, value)
    return [as_sent(widget, text) for text in shown] == [as_sent(widget, text) for text in texts_of(sent)]


def texts_of(sent: Any) -> list[str]:
    return ["" if text is None else str(text) for text in (sent if isinstance(sent, list) else [sent])]


def as_sent(widget: Any, text: str) -> str:
    """A text as every browser sends it."""
    if isinstance(widget, forms.Textarea):
        return text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\r", "").replace("\n", "")
    return text.strip(" \t\f") if getattr(widget, "input_type", "") in {"url", "email"} else text


class LinesField(forms.CharField):
    """A list of texts, one a line. One that holds line breaks is shown, and may be written, as a JSON list."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 60})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        if all(isinstance(text, str) and text == text.strip() and is_one_line(text) for text in value):
            return "\n".join(value)
        return json.dumps(value, ensure_ascii=False, indent=1)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        text = str(super().to_python(value))
        if text.startswith("["):
            texts = self._from_json(text)
        else:
            texts = [line.strip() for line in text.splitlines() if line.strip()]
        if any("\x00" in text for text in texts):
            raise ValidationError("A text has no null characters.", code="null_character")
        return texts

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or []))
        except ValidationError:
            return True

    @staticmethod
    def _from_json(text: str) -> list[str]:
        try:
            texts = json_text.parse(text)
        except ValueError:
            texts = None
        if not isinstance(texts, list) or not all(isinstance(item, str) for item in texts):
            raise ValidationError('Write one text a line, or a JSON list of texts: ["one", "another"].', code="lines")
        return texts


class JSONText(forms.JSONField):
    """JSON as `json_text.parse` accepts it. What is empty is stored as the column has it: no object for a list."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip() and not self._is_readable(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value})
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return self.initial() if found in self.empty_values and callable(self.initial) else found

    def bound_data(self, data: Any, initial: Any) -> Any:
        if data is not None and not self.disabled and not self._is_readable(data):
            return InvalidJSONInput(data)
        return super().bound_data(data, initial)

    @staticmethod
    def _is_readable(text: str) -> bool:
        try:
            json_text.parse(text)
        except ValueError:
            return False
        return True


def is_one_line(text: str) -> bool:
    """Would this text be read back as it is when it stands on a line of its own?"""
    return len(text.splitlines()) == 1 and not text.startswith("[")


class FlagWidget(forms.NullBooleanSelect):
    """Yes, no, or whatever `default` says: "as its template says"."""

    def __init__(self, default: str) -> None:
        super().__init__()
        self.choices = [("unknown", default), ("true", "Yes"), ("false", "No")]


def flag_field(label: str, default: str, help_text: str) -> forms.NullBooleanField:
    return forms.NullBooleanField(label=label, required=False, help_text=help_text, widget=FlagWidget(default))


class FixedRelationWidget(forms.Widget):
    """A link to a row that cannot be exchanged for another here."""

    def __init__(self, row: Model) -> None:
        super().__init__()
        self.row = row

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        opts = self.row._meta
        url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[self.row.pk])
        return format_html('<a href="{}">{}</a>', url, self.row)


class FixedRelationField(forms.Field):
    """A relation that is shown and kept. It asks the database nothing, so that a hundred of them cost nothing."""

    def __init__(self, row: Model, label: Any) -> None:
        super().__init__(required=False, disabled=True, label=label, widget=FixedRelationWidget(row))
        self.row = row

    def clean(self, value: Any) -> Model:
        return self.row


class FixedRelationForm(ConstraintForm):
    """A row of an inline: what a saved row points to is settled, a new one chooses by autocomplete."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                self.fields[name] = FixedRelationField(getattr(self.instance, name), field.label)
