"""The figures of behaviour that ship, for tests that say what follows from them."""

from __future__ import annotations

from sim.model.behaviour import Behaviour
from sim.model.library import Library, shipped_folder

_LIBRARY = Library((shipped_folder(),))
BEHAVIOUR = Behaviour.of(lambda topic: _LIBRARY.get("behaviour", topic))
CONDUCT, PEOPLE, EXPIRY, SECRECY = BEHAVIOUR.conduct, BEHAVIOUR.people, BEHAVIOUR.expiry, BEHAVIOUR.secrecy
TRUST, COORDINATION = BEHAVIOUR.trust, BEHAVIOUR.coordination
