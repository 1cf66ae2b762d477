"""Query parameters: no parameter is ever ignored (docs/api.md, “Errors”), except by the services of LTI.

Each component declares the parameters that it uses: the filterset, the paginator and the authenticator. All other
parameters are refused here, and so are repeated, empty and malformed values.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, cast

from django import forms
from rest_framework.request import Request

from roster import days
from roster.api.authentication import Credential, query_parameters

MAX_ID = 2**31 - 1
"""Ids fit in 32 bits (docs/api.md)."""

TRUE, FALSE = {"true", "1"}, {"false", "0"}


class WholeNumberField(forms.Field):
    """A whole number from `least` to `most`, in ASCII digits. If `cut` is set, a larger one counts as `most`."""

    def __init__(self, *, least: int = 0, most: int = MAX_ID, cut: bool = False, **kwargs: Any) -> None:
        self.least, self.most, self.cut = least, most, cut
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        digits = str(value).lstrip("0") or "0" if re.fullmatch("[0-9]+", str(value)) else None
        if digits and self.cut and len(digits) > len(str(self.most)):
            return self.most
        number = int(digits) if digits and len(digits) <= len(str(self.most)) else None
        if number is None or number < self.least or (number > self.most and not self.cut):
            upper = "" if self.cut else f" to {self.most}"
            raise forms.ValidationError(f"A whole number from {self.least}{upper} is accepted.")
        return min(number, self.most)


class InstantField(forms.Field):
    """An instant: epoch milliseconds, UTC."""

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if not re.fullmatch("-?[0-9]{1,16}", str(value)):
            raise forms.ValidationError("Epoch milliseconds are accepted, such as 1384232400000 for 12 November 2013.")
        if not days.FIRST_INSTANT <= int(value) <= days.LAST_INSTANT:
            raise forms.ValidationError("Epoch milliseconds of the years 1600 to 9999 are accepted.")
        if days.is_in_seconds(int(value)):
            raise forms.ValidationError(f"An instant is {days.IN_MILLISECONDS}.")
        return int(value)


class FlagParameter(forms.Field):
    """`true`, `false`, `1` or `0`, in any letter case. Not set is different from false."""

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        text = str(value).lower()
        if text not in TRUE | FALSE:
            raise forms.ValidationError("true, false, 1 or 0 is accepted.")
        return text in TRUE


class ChoiceField(forms.Field):
    """A value of a closed list, in any letter case: the labels of a TextChoices. The result is the stored code."""

    def __init__(self, *, choices: Any, **kwargs: Any) -> None:
        self.codes = {label.lower(): code for code, label in choices}
        self.labels = [label for _, label in choices]
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str | None:
        if value in self.empty_values:
            return None
        if str(value).lower() not in self.codes:
            several = "One of " if len(self.labels) > 1 else ""
            raise forms.ValidationError(f"{several}{', '.join(self.labels)} is accepted.")
        return str(self.codes[str(value).lower()])


class Query(dict[str, str]):
    """The parameters of a request by their declared names, as raw text; `errors` has the messages by parameter.

    Others are an error, unless `ignores_unknown` is set: LTI allows extensions that a service does not know.
    """

    def __init__(
        self,
        request: Request,
        declared: Iterable[str],
        may_be_blank: Collection[str] = (),
        *,
        ignores_unknown: bool = False,
    ) -> None:
        super().__init__()
        self.errors: dict[str, list[str]] = {}
        names = _by_lower_case(tuple(declared))
        credential = cast(Credential, request.auth).parameters
        for name, values in query_parameters(request).items():
            if name in credential:
                continue
            if name not in names:
                if ignores_unknown:
                    continue
                as_sent = next(sent for sent in request.query_params if sent.lower() == name)
                self.errors[as_sent] = [_not_known(names.values())]
            elif len(values) > 1:
                self.errors[names[name]] = ["This parameter is accepted only once."]
            elif "\x00" in values[0]:
                self.errors[names[name]] = ["A value without NUL characters is accepted."]
            elif not values[0].strip() and names[name] not in may_be_blank:
                self.errors[names[name]] = ["A value is needed; omit the parameter to ask without it."]
            else:
                self[names[name]] = values[0]

    def add_errors(self, errors: dict[str, list[str]]) -> None:
        """Add errors that were found when the values were parsed."""
        for name, messages in errors.items():
            self.errors.setdefault(name, []).extend(messages)


def parse(fields: Mapping[str, forms.Field], query: Query) -> dict[str, Any]:
    """The values of those of `fields` that `query` sets; errors go into `query.errors`."""
    values = {}
    for name, field in fields.items():
        if name in query:
            try:
                values[name] = field.clean(query[name])
            except forms.ValidationError as error:
                query.add_errors({name: error.messages})
    return values


@lru_cache(maxsize=100)
def _by_lower_case(names: tuple[str, ...]) -> dict[str, str]:
    return {name.lower(): name for name in names}


def _not_known(names: Iterable[str]) -> str:
    known = ", ".join(sorted(names, key=str.lower))
    return f"This parameter is not known here. {known} are accepted." if known else "No parameters are accepted here."
