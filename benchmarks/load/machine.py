"""What a server and its worker processes hold and use of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Use:
    """A server at one moment. Memory is resident, in MB (1e6 bytes); times are seconds of a core since it started."""

    server: float               # memory of the server process
    workers: float              # memory of all its children
    server_seconds: float
    worker_seconds: float
    threads: int                # of the server process
    files: int                  # open in the server process, sockets included
    children: int               # processes
    database: float             # MB of the database's files


def use(pid: int, folder: Path) -> Use:
    """Return what the server with this process id, and a database in this folder, uses now."""
    server = psutil.Process(pid)
    children = server.children(recursive=True)
    return Use(
        server=_memory(server), workers=sum(map(_memory, children)),
        server_seconds=_seconds(server), worker_seconds=sum(map(_seconds, children)),
        threads=server.num_threads(), files=server.num_fds(), children=len(children),
        database=sum(file.stat().st_size for file in folder.glob("lab.db*")) / 1e6)


def _memory(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1e6


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
