"""Compiling the bundled models leaves the process as it was."""

import gc
import subprocess
import sys
import weakref

import pytest

from index.encoding.encoder import default_cache
from index.encoding.openvino_runtime import open_encoder_session
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


@pytest.mark.system
def test_models_compiled_at_once_leave_the_locale_as_it_was() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "True\n"


@pytest.mark.system
def test_a_model_is_shared_by_those_who_use_it_in_one_precision_and_freed_after_the_last() -> None:
    first, second = (open_encoder_session(default_cache(), "float32") for _ in range(2))
    assert first is second
    gone = weakref.ref(first)
    del first, second
    gc.collect()
    assert gone() is None
