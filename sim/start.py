"""Set everything up and go, from a fresh clone, with nothing but Python 3.11 or newer.

    python -m sim.start play     plays a case by itself and shows its debrief
    python -m sim.start test     runs the tests
    python -m sim.start lab      opens the notebooks

It makes an environment of its own (``.venv`` in the clone) from ``requirements.lock``, with uv if that can be had
and with pip otherwise. This file uses the standard library only.
"""

import hashlib
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent.parent
ENVIRONMENT = HERE / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
COMMANDS = {
    "play": ["-m", "sim.cli", "play", "silent-harbour", "--player", "first", "--seed", "7"],
    "lab": ["-m", "sim.cli", "lab"],
    "test": ["-m", "pytest"],
}


def main(arguments: "list[str]") -> int:
    """Set up, then run one of the commands; further arguments are passed on."""
    if sys.version_info < (3, 11):  # noqa: UP036 (this file must speak on older Pythons too)
        print("mlasim needs Python 3.11 or newer; this is " + sys.version.split()[0])
        return 2
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 2
    name, rest = arguments[0], arguments[1:]
    extra = "test" if name == "test" else ""
    set_up(extra)
    return subprocess.call([str(PYTHON), *COMMANDS[name], *rest], cwd=str(HERE))


def set_up(extra: str = "") -> None:
    """Make or renew the environment, unless what it was made from is unchanged."""
    lock, project = HERE / "requirements.lock", HERE / "pyproject.toml"
    if not project.exists():
        return  # an installed package, not a clone: its environment is the caller's business
    wanted = hashlib.sha256(lock.read_bytes() + project.read_bytes()).hexdigest()
    mark = ENVIRONMENT / ("ready-" + (extra or "play"))
    if PYTHON.exists() and mark.exists() and mark.read_text() == wanted:
        return
    print("Setting up " + str(ENVIRONMENT) + " (once; a minute or two) …", flush=True)
    if not PYTHON.exists():
        subprocess.check_call([sys.executable, "-m", "venv", str(ENVIRONMENT)])
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    with_uv = subprocess.call([*pip, "uv"], stderr=subprocess.DEVNULL) == 0
    what = ["--constraint", str(lock), "--editable", str(HERE) + ("[" + extra + "]" if extra else "")]
    fast = [str(PYTHON), "-m", "uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
    # On a busy machine a large file may take longer to compile than uv waits for.
    patient = dict(os.environ, UV_COMPILE_BYTECODE_TIMEOUT="900")
    if not with_uv or subprocess.call(fast + what, env=patient) != 0:
        subprocess.check_call(pip + what)
    mark.write_text(wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
