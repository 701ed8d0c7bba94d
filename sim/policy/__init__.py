"""A policymaker compares process changes: levers, comparisons, verification against theory and published figures."""

from sim.policy.experiments.comparison import Comparison, compare
from sim.policy.experiments.levers import apply

__all__ = ["Comparison", "apply", "compare"]
