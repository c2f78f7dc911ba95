# ruff: noqa: T201 (printing is what it is for)
"""Training speed, side by side: ``python -m benchmarks.speed [--quick] [SETTING ...]``.

Compares the engine as the app uses it with Keras 3 on TensorFlow and on JAX (through ``fit``) and with plain PyTorch,
at the settings of S1 to S5, on the same data, batches, epochs and initial weights, each on one thread of the same
core. Where all epochs would take Keras minutes, all peers do the first of them only, and the output says how many. The
peers take turns, and every ratio is the median over turns that stood side by side, because the machine may do other
work. The work is checked to be equal; a peer that did another is left out of the comparison.

Prints for each setting: updates per second of the core and of wall time, time from the start of the process to the
first loss and to the end, peak memory, mean losses; then the parts of the engine (:mod:`benchmarks.speed.parts`).
Ours also evaluates, takes snapshots and predicts for the charts; its peers evaluate at the ends of epochs where there
is a validation part, and nowhere else.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from importlib.metadata import version

from benchmarks.speed import parts
from benchmarks.speed.settings import SETTINGS, Setting
from benchmarks.speed.turns import BARE, KERAS_TF, OURS, TORCH, Peer, compare, equal, faster

ROUNDS, QUICK_ROUNDS = 5, 2


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed")
    parser.add_argument("settings", nargs="*", metavar="SETTING", help=", ".join(SETTINGS))
    parser.add_argument("--quick", action="store_true", help="fewer epochs; fewer settings too when none is named")
    asked = parser.parse_args()
    if unknown := set(asked.settings) - set(SETTINGS):
        parser.error(f"no such setting: {', '.join(sorted(unknown))}")
    began = time.perf_counter()
    print(", ".join(f"{name} {version(name)}" for name in ("torch", "keras", "tensorflow-cpu", "jax", "numpy")))
    core = max(os.sched_getaffinity(0))
    ratios: dict[str, dict[str, tuple[float, float]]] = {}
    for name, setting in SETTINGS.items():
        if name not in asked.settings if asked.settings else asked.quick and not setting.smoke:
            continue
        spec = setting.spec.change(epochs=setting.quick_epochs if asked.quick else setting.epochs)
        print(f"\n{setting.title}: {spec.train.epochs} of {setting.spec.train.epochs} epochs, "
              f"batch {spec.train.batch}; load {os.getloadavg()[0]:.1f}", flush=True)
        peers = compare(name, setting, spec, rounds=QUICK_ROUNDS if asked.quick else ROUNDS, core=core)
        ratios[name] = show(setting, peers)
    summary(ratios)
    if not asked.settings:
        print(f"\nParts of the engine; load {os.getloadavg()[0]:.1f}")
        parts.main()
    print(f"\n{time.perf_counter() - began:.0f} s in all")


def show(setting: Setting, peers: dict[str, Peer]) -> dict[str, tuple[float, float]]:
    """Print what the peers did, and return how many times as fast as each ours is: by the core, by wall time."""
    print(f"{'':18}{'upd/CPU-s':>10}{'upd/s':>9}{'first s':>9}{'done s':>9}{'MB':>6}{'updates':>9}"
          f"{'loss at 0':>11}{'epoch 1':>10}{'last':>10}  {'ours is faster: CPU, wall':>26}")
    ratios = {}
    for name, peer in peers.items():
        print(f"{name:18}{peer.per_cpu_second:>10.4g}{peer.per_second:>9.4g}{peer.first_seconds:>9.2f}"
              f"{peer.done_seconds:>9.2f}{peer.memory:>6.0f}{peer.total:>9}{peer.first_loss:>11.4g}"
              f"{peer.first_epoch:>10.4g}{peer.last_epoch:>10.4g}", end="")
        if not equal(peer, peers[TORCH], setting):
            print("   other work, not compared")
        elif name == OURS:
            print()
        else:
            ratios[name] = cpu, wall = faster(peers[OURS], peer), faster(peers[OURS], peer, wall=True)
            print(f"{cpu:>18.2f}{wall:>10.2f}")
    return ratios


def summary(ratios: dict[str, dict[str, tuple[float, float]]]) -> None:
    """Print how many times as fast as Keras on TensorFlow ours is, beside what is asked for, and who is faster."""
    print(f"\n{'ours / Keras-TF':52}{'CPU':>8}{'wall':>8}{'target':>8}")
    for name, found in ratios.items():
        setting, (cpu, wall) = SETTINGS[name], found.get(KERAS_TF, (math.nan, math.nan))
        ahead = [f"{peer} {1 / by_core:.2f}x" for peer, (by_core, _) in found.items() if peer != BARE and by_core < 1]
        print(f"{setting.title:52}{cpu:>8.2f}{wall:>8.2f}{setting.target or '-':>8}"
              f"{'   by CPU ahead of ours: ' + ', '.join(ahead) if ahead else ''}")


if __name__ == "__main__":
    main()
