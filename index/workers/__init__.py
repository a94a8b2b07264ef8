"""Work on one library by any number of processes: handed out by a command, done by workers. Entry: `Worker`."""

from index.workers.dispatch import Dispatch
from index.workers.worker import Worked, Worker

__all__ = ["Dispatch", "Worked", "Worker"]
