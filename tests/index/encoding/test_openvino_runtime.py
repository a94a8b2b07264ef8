"""Compiling the bundled models leaves the process as it was."""

import subprocess
import sys

import pytest

from tests.support.paths import ROOT

# In a process of its own: what fails here would stay with the tests that come after it.
SCRIPT = """
import locale, threading
from index.encoding.encoder import default_cache
from index.encoding.openvino_runtime import open_encoder_session

before = locale.setlocale(locale.LC_ALL)
threads = [threading.Thread(target=open_encoder_session, args=(default_cache(),)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(before == locale.setlocale(locale.LC_ALL))
"""

SHARED = """
import gc, weakref
from index.encoding.encoder import default_cache
from index.encoding.openvino_runtime import open_encoder_session

first, second = (open_encoder_session(default_cache()) for _ in range(2))
print("shared" if first is second else "two", end=", ")
gone = weakref.ref(first)
del first, second
gc.collect()
print("freed" if gone() is None else "kept")
"""

ALONE = """
import openvino
from filelock import FileLock, Timeout
from index.encoding.encoder import default_cache
from index.encoding.openvino_runtime import open_encoder_session

class Core(openvino.Core):
    def compile_model(self, *values):
        try:
            with FileLock(default_cache() / "compiled.lock", timeout=0):
                print("beside others")
        except Timeout:
            print("alone")
        return super().compile_model(*values)

openvino.Core = Core
open_encoder_session(default_cache())
with FileLock(default_cache() / "compiled.lock", timeout=0):
    print("and let go")
"""


@pytest.mark.system
def test_models_compiled_at_once_leave_the_locale_as_it_was() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "True\n"


@pytest.mark.system
def test_a_model_is_shared_by_those_who_use_it_and_freed_after_the_last() -> None:
    # Here other tests may have the same model open.
    done = subprocess.run([sys.executable, "-c", SHARED], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "shared, freed\n"


@pytest.mark.system
def test_one_process_at_a_time_compiles() -> None:
    # Two that write one file of OpenVINO's cache at once take it from each other: "cannot set permissions".
    done = subprocess.run([sys.executable, "-c", ALONE], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "alone\nand let go\n"
