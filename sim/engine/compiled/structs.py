"""Tables and state as single things in compiled code, where passing forty arrays on would cost most of the compiling."""

from __future__ import annotations

from numba import types
from numba.core import cgutils
from numba.experimental import structref
from numba.extending import intrinsic

from sim.engine.compiled.jit import helper
from sim.engine.compiled.layout import State, Tables


@structref.register
class _TablesType(types.StructRef):
    """The type of `TablesInOne`."""


@structref.register
class _StateType(types.StructRef):
    """The type of `StateInOne`."""


class TablesInOne(structref.StructRefProxy):
    """`Tables` in compiled code."""


class StateInOne(structref.StructRefProxy):
    """`State` in compiled code; its arrays are the same ones."""


structref.define_proxy(TablesInOne, _TablesType, list(Tables._fields))
structref.define_proxy(StateInOne, _StateType, list(State._fields))


@intrinsic
def bare(_, column):
    """The same memory without a count of who uses it: counting would take half of the time."""

    def code(context, builder, signature, arguments):
        array = context.make_array(signature.return_type)(context, builder, value=arguments[0])
        array.meminfo = cgutils.get_null_value(array.meminfo.type)
        return array._getvalue()

    return column(column), code


@helper
def tables_in_one(t):
    """`TablesInOne` of `Tables`, which the caller holds."""
    return TablesInOne(
        bare(t.nodes), bare(t.numbers), bare(t.values), bare(t.routes), bare(t.thresholds), bare(t.branches),
        bare(t.ways), bare(t.spreads), bare(t.flows), bare(t.gaps), bare(t.variants), bare(t.variant_numbers),
        bare(t.picks), bare(t.shares), bare(t.offices), bare(t.staffing), bare(t.names), bare(t.name_ends),
        bare(t.calendars), bare(t.starts), bare(t.ends), bare(t.before), bare(t.days)
    )  # fmt: skip


@helper
def state_in_one(s):
    """`StateInOne` of a `State`, which the caller holds."""
    return StateInOne(
        bare(s.moment), bare(s.agenda), bare(s.tokens), bare(s.live), bare(s.queues), bare(s.sources),
        bare(s.blocks), bare(s.requests), bare(s.log), bare(s.pool), bare(s.free_rows), bare(s.unsure),
        bare(s.words), bare(s.have), bare(s.stamps), bare(s.name), bare(s.twister)
    )  # fmt: skip
