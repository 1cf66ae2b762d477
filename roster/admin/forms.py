"""What the admin's forms share: constraints as form errors, lists written one a line, flags of three states."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString


class CheckedForm(forms.ModelForm):
    """A form that checks every constraint of its row, also those on columns that it does not ask for."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        try:
            self.instance.validate_constraints(exclude=set(self.errors))
        except ValidationError as error:
            told = [message for messages in self.errors.values() for message in messages]
            if untold := [message for message in error.messages if message not in told]:
                self.add_error(None, untold)


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
            texts = json.loads(text)
        except ValueError:
            texts = None
        if not isinstance(texts, list) or not all(isinstance(item, str) for item in texts):
            raise ValidationError('Write one text a line, or a JSON list of texts: ["one", "another"].', code="lines")
        return texts


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


class SettledWidget(forms.Widget):
    """A link to a row that cannot be exchanged for another here."""

    def __init__(self, row: Model) -> None:
        super().__init__()
        self.row = row

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        opts = self.row._meta
        url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[self.row.pk])
        return format_html('<a href="{}">{}</a>', url, self.row)


class SettledField(forms.Field):
    """A relation that is shown and kept. It asks the database nothing, so that a hundred of them cost nothing."""

    def __init__(self, row: Model, label: Any) -> None:
        super().__init__(required=False, disabled=True, label=label, widget=SettledWidget(row))
        self.row = row

    def clean(self, value: Any) -> Model:
        return self.row


class SettledForm(CheckedForm):
    """A row of an inline: what a saved row points to is settled, a new one chooses by autocomplete."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                self.fields[name] = SettledField(getattr(self.instance, name), field.label)
