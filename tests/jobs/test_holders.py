"""Whether a process lives is known of processes of this machine, and of no other."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from estime.jobs.holders import machine, new_holder, read_holder, surely_alive, surely_dead


def test_this_process_lives():
    me = str(new_holder())
    assert surely_alive(me)
    assert not surely_dead(me)
    assert read_holder(me).pid == os.getpid()
    assert me != str(new_holder())


def test_a_process_that_ended_is_dead_even_before_it_is_buried():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    holder = str(new_holder()._replace(pid=child.pid, began=_began(child.pid)))
    assert surely_alive(holder)
    child.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert surely_dead(holder)
    child.wait()
    assert surely_dead(holder)


def _began(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]


def test_a_number_that_was_given_to_another_process_is_no_sign_of_life():
    assert surely_dead(str(new_holder()._replace(began="1")))


def test_of_another_machine_nothing_is_known():
    elsewhere = str(new_holder()._replace(machine="0" * 16, pid=2**22))
    assert machine() != "0" * 16
    assert not surely_dead(elsewhere)
    assert not surely_alive(elsewhere)
