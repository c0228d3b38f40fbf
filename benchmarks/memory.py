"""Peak memory of the processes of a run, as the kernel counts it."""

from __future__ import annotations

from pathlib import Path

_MIB = 1024
_watched: dict[int, str] = {}
_ended: dict[str, int] = {}


def watch(pid: int, name: str) -> None:
    """From now on the peak of this process belongs to the goal that is being measured."""
    _watched[pid] = name
    restart(pid)


def leave(pid: int) -> None:
    """Take the peak of a process that is about to end."""
    name = _watched.pop(pid, None)
    if name is not None:
        _ended[name] = max(_ended.get(name, 0), peak(pid))


def begin() -> None:
    """Start counting anew, for the next goal."""
    _ended.clear()
    for pid in ("self", *_watched):
        restart(pid)


def words() -> str:
    """«61 MiB; gunicorn worker 95»: this process, and the largest of each kind of other process."""
    others = dict(_ended)
    for pid, name in _watched.items():
        others[name] = max(others.get(name, 0), peak(pid))
    return "; ".join([f"{peak()} MiB", *(f"{name} {size}" for name, size in others.items())])


def restart(pid: int | str = "self") -> None:
    """Let the peak begin at what is resident now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak(pid: int | str = "self") -> int:
    return _status(pid, "VmHWM")


def resident(pid: int | str = "self") -> int:
    return _status(pid, "VmRSS")


def _status(pid: int | str, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // _MIB for line in lines if line.startswith(f"{name}:"))
