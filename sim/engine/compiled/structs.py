"""Tables and state as single things in compiled code.

Forty arrays handed from function to function would cost most of the compiling, and counting who uses them half of the
time. What is handed on is a pointer to them, and nothing is counted: whoever called holds them.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, register_model


class InOneType(types.Type):
    """The type of several arrays in one."""

    def __init__(self, fields):
        self.fields = fields
        super().__init__(f"InOne({', '.join(f'{name}: {kind}' for name, kind in fields)})")

    def struct(self, context):
        """Where it points."""
        return ir.LiteralStructType([context.get_value_type(kind) for _, kind in self.fields])


register_model(InOneType)(models.OpaqueModel)


@infer_getattr
class _Fields(AttributeTemplate):
    key = InOneType

    def generic_resolve(self, kind, name):
        return dict(kind.fields).get(name)


@lower_getattr_generic(InOneType)
def _field(context, builder, kind, value, name):
    place = [field for field, _ in kind.fields].index(name)
    pointer = builder.bitcast(value, kind.struct(context).as_pointer())
    return builder.load(cgutils.gep_inbounds(builder, pointer, 0, place))


@intrinsic
def in_one(_, arrays):
    """The arrays of a named tuple in one; as long as the function that calls this runs, and holds them."""
    kind = InOneType(tuple(zip(arrays.fields, arrays.types, strict=True)))

    def code(context, builder, signature, arguments):
        pointer = cgutils.alloca_once(builder, kind.struct(context))
        for place, (_, field) in enumerate(kind.fields):
            value = builder.extract_value(arguments[0], place)
            array = context.make_array(field)(context, builder, value=value)
            array.meminfo = cgutils.get_null_value(array.meminfo.type)
            builder.store(array._getvalue(), cgutils.gep_inbounds(builder, pointer, 0, place))
        return builder.bitcast(pointer, ir.IntType(8).as_pointer())

    return kind(arrays), code
