"""Your own data: a case-management log becomes a world, with the origin of every figure and a check of its worth.

log = read_log("export.csv", {"case": "File", "activity": "Step", "start": "Begun", "end": "Done"})
log.totals()                               rows read = used + used for the path only + set aside
made = calibrate(log, "worlds/mine.yaml")  a world file, and the last months of the log against simulations
"""

from sim.policy.calibration.calibrating import Calibration, calibrate, read_log
from sim.policy.calibration.cleaning import CleanLog, Finding, write_findings
from sim.policy.calibration.columns import Columns, columns, read_columns

__all__ = [
    "Calibration",
    "CleanLog",
    "Columns",
    "Finding",
    "calibrate",
    "columns",
    "read_columns",
    "read_log",
    "write_findings",
]
