"""What processes use: processor time and memory, of a program and everything it started."""

import contextlib
import ctypes
import time
from dataclasses import dataclass
from typing import Any

import psutil

MEBIBYTE = 2**20

CLOCK_OF = getattr(ctypes.CDLL(None), "clock_getcpuclockid", None)
"""POSIX: the clock that counts a process's time on processors, its ended threads included. macOS has none."""


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
    """Processor time that a process and its descendants have used, those that ended included.

    It is exact to well below a millisecond; of processes that ended, to the hundredth of a second.
    """
    seconds = 0.0
    for process in family(pid):
        with contextlib.suppress(psutil.NoSuchProcess, OSError):  # it may end meanwhile
            times = process.cpu_times()
            ended = times.children_user + times.children_system
            seconds += ended + (own_seconds(process.pid) if CLOCK_OF else times.user + times.system)
    return seconds


def seconds_with_database(connection: Any) -> float:
    """Processor time of this process and of the PostgreSQL backend that serves a connection of Django.

    SQLite runs in this process.
    """
    if connection.vendor != "postgresql":
        return time.process_time()
    return time.process_time() + own_seconds(connection.connection.info.backend_pid)


def own_seconds(pid: int) -> float:
    """The CPU time of a process; OSError when it has ended."""
    assert CLOCK_OF
    clock = ctypes.c_int()
    if error := CLOCK_OF(pid, ctypes.byref(clock)):
        raise OSError(error, "The process has no clock.")
    return time.clock_gettime(clock.value)


def workers(pid: int) -> dict[int, Memory]:
    """Memory of each worker of a server by its process id: of what the server started, or of itself."""
    found = {}
    processes = family(pid)
    for process in processes[1:] or processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            memory = process.memory_full_info()
            shared = getattr(memory, "pss", memory.rss)
            found[process.pid] = Memory(memory.rss / MEBIBYTE, shared / MEBIBYTE)
    return found
