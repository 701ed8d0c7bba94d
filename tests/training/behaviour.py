"""The figures of behaviour that ship, for tests that say what follows from them."""

from __future__ import annotations

from sim.model.loading import usual_behaviour

BEHAVIOUR = usual_behaviour()
CONDUCT, PEOPLE, EXPIRY, SECRECY = BEHAVIOUR.conduct, BEHAVIOUR.people, BEHAVIOUR.expiry, BEHAVIOUR.secrecy
TRUST, COORDINATION = BEHAVIOUR.trust, BEHAVIOUR.coordination
