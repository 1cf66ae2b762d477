"""Processor time is counted finely, and of everything that a program started."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from bench.usage import family, processor_seconds, workers


def used(work: Callable[[], object]) -> float:
    before = processor_seconds(os.getpid())
    work()
    return processor_seconds(os.getpid()) - before


def compute(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def ended_pid() -> int:
    program = subprocess.Popen([sys.executable, "-c", ""])
    program.wait()
    return program.pid


def test_two_milliseconds_differ_from_zero() -> None:
    assert used(lambda: compute(0.002)) >= 0.002


def test_a_thread_that_ended_counts() -> None:
    thread = threading.Thread(target=compute, args=(0.02,))

    def run() -> None:
        thread.start()
        thread.join()

    assert used(run) >= 0.02


def test_a_process_that_ended_counts() -> None:
    program = "import time\nwhile time.process_time() < 0.1: pass"

    assert used(lambda: subprocess.run([sys.executable, "-c", program], check=True)) >= 0.08


def test_what_has_ended_uses_nothing_and_has_no_workers() -> None:
    pid = ended_pid()

    assert (family(pid), processor_seconds(pid), workers(pid)) == ([], 0.0, {})
