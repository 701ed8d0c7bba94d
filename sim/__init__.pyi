# The public names with their types, for editors and type checkers. `sim/__init__.py` reads here where each of them is
# at home, so that this list is the only one.

from sim.authoring.check import check as check
from sim.errors import LawError as LawError
from sim.errors import MlasimError as MlasimError
from sim.errors import ScenarioError as ScenarioError
from sim.errors import SessionError as SessionError
from sim.errors import SimulationError as SimulationError
from sim.errors import UsageError as UsageError
from sim.law.explanation import explain as explain
from sim.model.loading import available as available
from sim.model.loading import load as load
from sim.model.scenario import Scenario as Scenario
from sim.policy.calibration.calibrating import calibrate as calibrate
from sim.policy.experiments.comparison import compare as compare
from sim.policy.questions import design as design
from sim.policy.questions import optimise as optimise
from sim.policy.questions import sensitivity as sensitivity
from sim.policy.questions import study as study
from sim.policy.questions import verify as verify
from sim.record.run import run as run
from sim.training import play as play
from sim.training.resuming import resume as resume
from sim.views.lab.app import open_policy as open_policy
from sim.views.seat.lobby import open_seat as open_seat

__all__: list[str]
__version__: str
