"""The OpenAPI description of a view, generated from its filters, forms, serializers and privacy lists."""

import copy
from typing import Any

from django import forms
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, append_meta
from rest_framework import serializers

from roster import days, privacy
from roster.api.pagination import PageForm
from roster.api.parameters import ChoiceField, FlagParameter, InstantField, WholeNumberField
from roster.api.schema import credentials  # noqa: F401  (drf-spectacular finds the descriptions of credentials there)
from roster.api.schema.responses import ERRORS, HEADERS, LIST_HEADERS, OPEN_HEADERS, PROBLEM, REQUEST_ID, USUAL_HEADERS
from roster.api.views import RosterViewSet
from roster.fields import WireSerializer, empty_value

STAFF_AUDIENCE = privacy.Audience(privacy.Level.STAFF, may_read_reflections=True)
"""The audience that reads every field. Others get the same keys, some of them empty."""

Description = dict[str, Any]


class RosterSchema(AutoSchema):
    """The description of one route and method."""

    def get_operation_id(self) -> str:
        if isinstance(self.view, RosterViewSet):
            noun = self.view.serializer_class.resource.capitalize()
            return f"get{noun}" if self.view.detail else f"list{noun}s"
        return f"get{type(self.view).__name__.removesuffix('View')}"

    def get_summary(self) -> str:
        if isinstance(self.view, RosterViewSet):
            noun = self.view.serializer_class.resource
            return f"One {noun}" if self.view.detail else f"List {noun}s"
        return str(self.get_description()).split("\n")[0]

    def get_tags(self) -> list[str]:
        return super().get_tags() if isinstance(self.view, RosterViewSet) else ["about"]

    # Parameters

    def _get_parameters(self) -> list[Description]:
        return [
            *self._path_parameters(),
            *self._query_parameters(),
            self._reference("parameters", "RequestId", REQUEST_ID),
        ]

    def _path_parameters(self) -> list[Description]:
        if not (isinstance(self.view, RosterViewSet) and self.view.detail):
            return []
        resource = self.view.serializer_class.resource
        text = f"Id of the {resource}: the `{resource}Id` of its item."
        schema = description_of(WholeNumberField())
        return [{"name": "id", "in": "path", "required": True, "description": text, "schema": schema}]

    def _query_parameters(self) -> list[Description]:
        if not isinstance(self.view, RosterViewSet):
            declared = getattr(self.view, "parameters", {})
            return [query_parameter(name, field) for name, field in declared.items()]
        parameters = []
        for name, declared in self.view.get_filterset_class().base_filters.items():
            parameter = query_parameter(name, declared.field)
            if declared.when_unset is not None:
                parameter["schema"]["default"] = declared.when_unset
            if declared.accepts_blank:
                parameter |= {"allowEmptyValue": True, "schema": {"type": "string"}}
            parameters.append(parameter)
        if not self.view.detail:
            parameters += [query_parameter(name, field) for name, field in PageForm.base_fields.items()]
        return parameters

    # Responses

    def _get_response_bodies(self, direction: Any = "response") -> Description:
        codes = [code for code in ERRORS if self._may_answer(code)]
        return {"200": self._answer(), **{code: self._error(code) for code in codes}}

    def _may_answer(self, code: str) -> bool:
        """Can this view respond with this error?"""
        is_resource = isinstance(self.view, RosterViewSet)
        if code == "404":
            return is_resource and self.view.detail
        if code == "403":
            return is_resource
        return code not in {"401", "429", "503"} or bool(self.view.authentication_classes)

    def _answer(self) -> Description:
        if isinstance(self.view, RosterViewSet):
            item = self.resolve_serializer(self.view.serializer_class(context={"audience": STAFF_AUDIENCE}), "response")
            schema = item.ref if self.view.detail else self._envelope(item)
            bodies = {"application/json": schema}
            text = f"The {self.view.serializer_class.resource}." if self.view.detail else "A page of the list."
            names = USUAL_HEADERS if self.view.detail else LIST_HEADERS
        else:
            bodies, text = self.view.answers, "The response."
            names = USUAL_HEADERS if self.view.authentication_classes else OPEN_HEADERS
        content = {media_type: {"schema": schema} for media_type, schema in bodies.items()}
        return {"description": text, "headers": self._headers(names), "content": content}

    def _envelope(self, item: ResolvedComponent) -> Description:
        schema = self.view.paginator.get_paginated_response_schema({"type": "array", "items": item.ref})
        return self._reference("schemas", f"{item.name}Envelope", schema)

    def _error(self, code: str) -> Description:
        error = ERRORS[code]
        body = {"application/problem+json": {"schema": self._reference("schemas", "Problem", PROBLEM)}}
        headers = self._headers(error.headers, always=error.always)
        response = {"description": error.text, "headers": headers, "content": body}
        return self._reference("responses", error.name, response)

    def _headers(self, names: tuple[str, ...], always: tuple[str, ...] = ()) -> Description:
        """Headers of a response; those in `always` are required in this response only."""
        shared = {name: self._reference("headers", name, HEADERS[name]) for name in names if name not in always}
        return {**{name: {**HEADERS[name], "required": True} for name in always}, **shared}

    def _reference(self, kind: str, name: str, description: Description) -> dict[str, str]:
        """A reference to a component, which is registered at the first reference."""
        component = ResolvedComponent(name, kind, schema=description, object=RosterSchema)
        self.registry.register_on_missing(component)
        return dict(component.ref)

    # Items

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Description:
        schema = super()._map_basic_serializer(serializer, direction)
        schema.pop("description", None)
        schema["required"] = [name for name in schema["properties"] if name not in privacy.STAFF_ONLY_KEYS]
        if isinstance(serializer, WireSerializer):
            for name, field in serializer.fields.items():
                if name not in privacy.STAFF_ONLY_KEYS and is_withheld_from_some(serializer.resource, name):
                    accept_empty(schema["properties"][name], empty_value(field))
        return dict(schema)

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        stated = getattr(field, "openapi", None)
        if isinstance(field, serializers.IntegerField):  # ids fit in 32 bits
            stated = {"type": "integer", "format": "int32"}
        if stated is None:
            return super()._map_serializer_field(field, direction, bypass_extensions)
        return append_meta(copy.deepcopy(stated), self._get_serializer_field_meta(field, direction))

    def _get_serializer_field_meta(self, field: Any, direction: Any) -> Description:
        meta = super()._get_serializer_field_meta(field, direction)
        meta.pop("default", None)  # it is the rendered value of a missing text, not a default for callers
        return dict(meta)


def as_clients_spell(endpoints: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The routes without their last slash, as in the documentation of Engage."""
    return [(path.rstrip("/"), *rest) for path, *rest in endpoints]


def query_parameter(name: str, field: forms.Field) -> Description:
    """The description of a query parameter, from the field that parses it."""
    schema = description_of(field)
    if field.initial is not None:
        schema["default"] = field.initial
    return {"name": name, "in": "query", "description": str(field.help_text), "schema": schema}


def description_of(field: forms.Field) -> Description:
    """The schema of the values that a field accepts."""
    if isinstance(field, WholeNumberField):
        upper = {} if field.cut else {"maximum": field.most}
        return {"type": "integer", "format": "int32", "minimum": field.least, **upper}
    if isinstance(field, InstantField):
        return {"type": "integer", "format": "int64", "minimum": days.FIRST_INSTANT, "maximum": days.LAST_INSTANT}
    if isinstance(field, FlagParameter):
        return {"type": "boolean"}
    if isinstance(field, ChoiceField):
        return {"type": "string", "enum": field.labels}
    return {"type": "string", "minLength": 1, "pattern": r"\S"}


def is_withheld_from_some(resource: str, name: str) -> bool:
    """Is there an audience that may read this resource but not this field?"""
    return any(allowed and name not in allowed for allowed in privacy.FIELDS[resource].values())


def accept_empty(schema: Description, empty: Any) -> None:
    """Extend a schema so that it accepts the replacement of a withheld value."""
    if empty is None:
        schema["nullable"] = True
    elif "enum" in schema and empty not in schema["enum"]:
        schema["enum"] = [*schema["enum"], empty]
