"""Work that several processes share."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
from ml.parallel import each, local_processes

each(exec, [("import time; print('begun', flush=True); time.sleep(60)",)] * 2, local_processes)
"""


def test_the_processes_of_a_program_that_is_killed_end_with_it() -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "begun\n"
        program.kill()
        # They hold its output as long as they live.
        program.communicate(timeout=20)


def test_processes_take_no_modules_out_of_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "joblib").mkdir()
    mark = tmp_path / "mark"
    (tmp_path / "joblib" / "__init__.py").write_text(f"open({str(mark)!r}, 'w').close()\n")
    program = "from ml.parallel import local_processes; print(list(local_processes(abs, [(-1,), (-2,)])))"
    said = subprocess.run(
        [sys.executable, "-P", "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert said.stdout == "[1, 2]\n", said.stderr
    assert not mark.exists()
