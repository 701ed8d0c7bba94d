"""Tables and state as single things in compiled code.

Forty arrays handed from function to function would cost most of the compiling, and counting who uses them half of the
time. What is handed on is a pointer to them, and nothing is counted: whoever called holds them.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.datamodel.registry import register_default
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, register_model


class BareArray(types.Array):
    """An array of which nobody counts who uses it, nor of its parts."""

    def __init__(self, dtype, ndim, layout, readonly=False, name=None, aligned=True):
        super().__init__(dtype, ndim, layout, readonly, name or f"bare({dtype}, {ndim}d, {layout})", aligned)

    def copy(self, dtype=None, ndim=None, layout=None, readonly=None):
        return BareArray(
            self.dtype if dtype is None else dtype,
            self.ndim if ndim is None else ndim,
            self.layout if layout is None else layout,
            not self.mutable if readonly is None else readonly,
        )


@register_default(BareArray)
class _BareArrayModel(models.StructModel):
    """That of numba's arrays, with a plain pointer in place of the count."""

    def __init__(self, manager, kind):
        members = [
            ("meminfo", types.voidptr),
            ("parent", types.voidptr),
            ("nitems", types.intp),
            ("itemsize", types.intp),
            ("data", types.CPointer(kind.dtype)),
            ("shape", types.UniTuple(types.intp, kind.ndim)),
            ("strides", types.UniTuple(types.intp, kind.ndim)),
        ]
        super().__init__(manager, kind, members)


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
    bare = [BareArray(kind.dtype, kind.ndim, kind.layout) for kind in arrays.types]
    kind = InOneType(tuple(zip(arrays.fields, bare, strict=True)))

    def code(context, builder, signature, arguments):
        pointer = cgutils.alloca_once(builder, kind.struct(context))
        for place, (_, field) in enumerate(kind.fields):
            value = builder.extract_value(arguments[0], place)
            array = context.make_array(arrays.types[place])(context, builder, value=value)
            bare_array = context.make_array(field)(context, builder)
            for member in ("nitems", "itemsize", "data", "shape", "strides"):
                setattr(bare_array, member, getattr(array, member))
            for member in ("meminfo", "parent"):
                setattr(bare_array, member, cgutils.get_null_value(getattr(bare_array, member).type))
            builder.store(bare_array._getvalue(), cgutils.gep_inbounds(builder, pointer, 0, place))
        return builder.bitcast(pointer, ir.IntType(8).as_pointer())

    return kind(arrays), code
