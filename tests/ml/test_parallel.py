"""Work that several processes share."""

import subprocess
import sys

PROGRAM = """
from ml.parallel import each, own_cores

each(exec, [("import time; print('begun', flush=True); time.sleep(60)",)] * 2, own_cores)
"""


def test_the_processes_of_a_program_that_is_killed_end_with_it() -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "begun\n"
        program.kill()
        # They hold its output as long as they live.
        program.communicate(timeout=20)
