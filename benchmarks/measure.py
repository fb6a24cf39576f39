"""Runs in turn, and what a series of figures says: the middle, and the least and the most."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

Alternative = Callable[[Path], float]
"""One run in a folder of its own; answers the seconds that count."""


class Series(NamedTuple):
    """The seconds of one alternative, run by run."""

    name: str
    seconds: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def ratio(self, base: Series) -> list[float]:
        """This divided by the base, run by run: both had the same neighbours on the machine."""
        return [own / other for own, other in zip(self.seconds, base.seconds, strict=True)]


def interleaved(alternatives: dict[str, Alternative], runs: int, scratch: Path) -> list[Series]:
    """Each alternative once, then each again; the first round warms up and does not count."""
    series = {name: Series(name, []) for name in alternatives}
    for at in range(runs + 1):
        for name, alternative in alternatives.items():
            folder = scratch / f"{at}-{list(alternatives).index(name)}"
            folder.mkdir()
            gc.collect()
            seconds = alternative(folder)
            if at:
                series[name].seconds.append(seconds)
    return list(series.values())


def timed(work: Callable[[], object]) -> float:
    """The seconds that the work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def as_table(series: Sequence[Series], rows: int) -> list[str]:
    """A Markdown table; ratios are to the first of the series, which is ours."""
    lines = [
        "| what | median ms | least to most ms | rows/s | time as a multiple of ours (least to most) |",
        "|---|---:|---:|---:|---:|",
    ]
    for one in series:
        ratios = sorted(one.ratio(series[0]))
        lines.append(
            f"| {one.name} | {one.median * 1e3:,.1f} | {min(one.seconds) * 1e3:,.1f} to {max(one.seconds) * 1e3:,.1f} "
            f"| {rows / one.median:,.0f} | {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}) |"
        )
    return lines
