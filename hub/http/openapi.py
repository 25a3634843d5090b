"""The JSON API described as OpenAPI 3.1, made from the protos' descriptors."""

from collections.abc import Iterable
from typing import Any

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

from hub.rpc.calls import request_class, response_class
from hub.rpc.permissions import is_public

_Schema = dict[str, Any]

# How proto3 JSON writes the well-known types (protobuf.dev/programming-guides/json).
_WELL_KNOWN: dict[str, _Schema] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Duration": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,9})?s$"},
    "google.protobuf.FieldMask": {"type": "string", "description": "Field names in lowerCamelCase, comma-separated"},
    "google.protobuf.Empty": {"type": "object"},
    "google.protobuf.Struct": {"type": "object"},
    "google.protobuf.Value": {},
}
_INTEGER: _Schema = {"type": "integer", "format": "int32"}
_LONG: _Schema = {"type": "string", "format": "int64"}
_NUMBER: _Schema = {"type": "number"}
_SCALARS: dict[int, _Schema] = {
    FieldDescriptor.CPPTYPE_INT32: _INTEGER,
    FieldDescriptor.CPPTYPE_UINT32: _INTEGER,
    FieldDescriptor.CPPTYPE_INT64: _LONG,
    FieldDescriptor.CPPTYPE_UINT64: _LONG,
    FieldDescriptor.CPPTYPE_FLOAT: _NUMBER,
    FieldDescriptor.CPPTYPE_DOUBLE: _NUMBER,
    FieldDescriptor.CPPTYPE_BOOL: {"type": "boolean"},
}
_ERROR: _Schema = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "string", "description": "The canonical code, such as invalid_argument"},
        "message": {"type": "string", "description": "What is wrong and what to do"},
        "details": {"type": "array", "items": {"type": "object"}},
    },
}


def describe(methods: Iterable[str], *, title: str, version: str) -> dict[str, Any]:
    """The OpenAPI document of these unary methods ("/package.Service/Method")."""
    schemas: dict[str, _Schema] = {"Error": _ERROR}
    paths = {f"/api{method}": {"post": _operation(method, schemas)} for method in sorted(methods)}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(method: str, schemas: dict[str, _Schema]) -> _Schema:
    service, _, name = method[1:].partition("/")
    operation: _Schema = {
        "operationId": f"{service}.{name}",
        "tags": [service.rpartition(".")[2]],
        "requestBody": {"required": True, "content": _content(_reference(request_class(method).DESCRIPTOR, schemas))},
        "responses": {
            "200": {
                "description": "The answer",
                "content": _content(_reference(response_class(method).DESCRIPTOR, schemas)),
            },
            "default": {"description": "The refusal", "content": _content({"$ref": "#/components/schemas/Error"})},
        },
    }
    if not is_public(method):
        operation["security"] = [{"token": []}]
    return operation


def _content(schema: _Schema) -> _Schema:
    return {"application/json": {"schema": schema}}


def _reference(message: Any, schemas: dict[str, _Schema]) -> _Schema:  # noqa: ANN401 (protobuf has several Descriptor classes)
    known = _WELL_KNOWN.get(message.full_name)
    if known is not None:
        return known
    if message.full_name not in schemas:
        schemas[message.full_name] = schema = {"type": "object", "properties": {}, "additionalProperties": False}
        schema["properties"] = {field.json_name: _field(field, schemas) for field in message.fields}
    return {"$ref": f"#/components/schemas/{message.full_name}"}


def _field(field: FieldDescriptor, schemas: dict[str, _Schema]) -> _Schema:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        value = _one(field.message_type.fields_by_name["value"], schemas)
        return {"type": "object", "additionalProperties": value}
    return {"type": "array", "items": _one(field, schemas)} if field.is_repeated else _one(field, schemas)


def _one(field: FieldDescriptor, schemas: dict[str, _Schema]) -> _Schema:
    if field.message_type is not None:
        return _reference(field.message_type, schemas)
    if field.enum_type is not None:
        return _enum(field.enum_type, schemas)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return {"type": "string", "contentEncoding": "base64"}
    return _SCALARS.get(field.cpp_type, {"type": "string"})


def _enum(enum: EnumDescriptor, schemas: dict[str, _Schema]) -> _Schema:
    schemas.setdefault(enum.full_name, {"type": "string", "enum": [value.name for value in enum.values]})
    return {"$ref": f"#/components/schemas/{enum.full_name}"}
