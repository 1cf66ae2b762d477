"""What processes use: processor time and memory, of a program and everything it started."""

import contextlib
from dataclasses import dataclass

import psutil

MEBIBYTE = 2**20


@dataclass(frozen=True)
class Memory:
    """Memory of one process, in MiB."""

    resident: float
    proportional: float
    """Pages shared with other processes count in part; where the system does not tell, the resident size."""


def family(pid: int) -> list[psutil.Process]:
    """A process and its descendants; none when it has ended."""
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def processor_seconds(pid: int) -> float:
    """Processor time that a process and its descendants have used, those that ended included."""
    seconds = 0.0
    for process in family(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            seconds += times.user + times.system + times.children_user + times.children_system
    return seconds


def workers(pid: int) -> dict[int, Memory]:
    """Memory of each worker of a server by its process id: of what the server started, or of itself."""
    found = {}
    parent, *others = family(pid)
    for process in others or [parent]:
        with contextlib.suppress(psutil.NoSuchProcess):
            memory = process.memory_full_info()
            shared = getattr(memory, "pss", memory.rss)
            found[process.pid] = Memory(memory.rss / MEBIBYTE, shared / MEBIBYTE)
    return found
