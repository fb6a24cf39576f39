"""Answers as tables for people: columns aligned, long cells folded, nothing left out.

The first rows decide the widths and all others follow, so a table of any length prints as it comes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice, zip_longest
from typing import TextIO

from rich.cells import cell_len, chop_cells
from rich.color import ColorSystem
from rich.style import Style

from domain.text import Text, text
from projections.export.layout import GAP, Layout, fit
from projections.export.shape import Answer, the_row
from projections.export.shown import Shown, harmless

_SAMPLE = 500
_BOLD = Style(bold=True)
_PARTS = re.compile(r"[^/-]*[/-]|[^/-]+")


def write_table(answer: Answer, out: TextIO, *, translate: Callable[[Text], str], width: int, colour: bool) -> None:
    """Title, table and footer, none of them wider than `width`; a single answer lists its headings and values."""
    page = _Page(out, translate, width, _BOLD if colour else None)
    if answer.title:
        page.say([translate(answer.title)], page.bold)
        page.say([""])
    headings = [harmless(translate(column.heading)) for column in answer.columns]
    if answer.single:
        page.record(answer, headings)
    else:
        page.rows(answer, headings)
    if answer.footer:
        page.say(["", *(translate(sentence) for sentence in answer.footer)])


class _Page:
    """Where a table goes, how wide that is, and how headings look there."""

    def __init__(self, out: TextIO, translate: Callable[[Text], str], width: int, bold: Style | None) -> None:
        self.out, self.width, self.bold = out, width, bold
        self.translate, self.shown = translate, Shown(translate)

    def say(self, sentences: Sequence[str], style: Style | None = None) -> None:
        """Each sentence on a line of its own, folded at the edge."""
        for sentence in sentences:
            self._put(_folded(harmless(sentence), self.width), style)

    def record(self, answer: Answer, headings: Sequence[str]) -> None:
        """One column a line: heading, value."""
        row = the_row(answer)
        label = min(max(map(cell_len, headings)), self.width // 3)
        layout = Layout([label, self.width - label - GAP], [[0, 1]])
        for column, heading in zip(answer.columns, headings, strict=True):
            self._put(_lines([heading, self.shown(row.get(column.key))], layout, [False, False]))

    def rows(self, answer: Answer, headings: Sequence[str]) -> None:
        """Header, rule and rows; rows of several lines stand apart."""
        keys = [column.key for column in answer.columns]
        rows = ([self.shown(row.get(key)) for key in keys] for row in answer.rows)
        sample = list(islice(rows, _SAMPLE))
        layout = fit(answer.columns, headings, sample, self.width)
        right = [column.right for column in answer.columns]
        self._put(_lines(headings, layout, right), self.bold)
        self._put([(" " * GAP).join("─" * width for width in layout.widths)])
        apart = [""] if len(layout.lines) > 1 else []
        for count, row in enumerate(chain(sample, rows)):
            self._put([*(apart if count else []), *_lines(row, layout, right)])
        if not sample:
            self.say([self.translate(text("Nothing to show."))])

    def _put(self, lines: Iterable[str], style: Style | None = None) -> None:
        self.out.writelines(_styled(line, style) + "\n" for line in lines)


def _lines(cells: Sequence[str], layout: Layout, right: Sequence[bool]) -> Iterator[str]:
    """The row as lines of the page, each cell folded inside its place."""
    for places in layout.lines:
        widths = layout.widths[: len(places)]
        folded = [_folded(cells[place], width) for place, width in zip(places, widths, strict=True)]
        for parts in zip_longest(*folded, fillvalue=""):
            padded = (
                _padded(part, width, right=right[place])
                for part, place, width in zip(parts, places, widths, strict=True)
            )
            yield (" " * GAP).join(padded).rstrip()


def _padded(part: str, width: int, *, right: bool) -> str:
    space = " " * (width - cell_len(part))
    return space + part if right else part + space


def _folded(words: str, width: int) -> Sequence[str]:
    return (words,) if cell_len(words) <= width else _fold(words, width)


@lru_cache(maxsize=4096)  # names of units and positions come again and again
def _fold(words: str, width: int) -> Sequence[str]:
    """Lines of at most `width`: broken at a space, else after a slash or a hyphen, else where the width ends."""
    lines = [""]
    for word in words.split():
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(joined) <= width:
            lines[-1] = joined
        else:
            lines[len(lines) - (not lines[-1]) :] = _broken(word, width)
    return tuple(lines)


def _broken(word: str, width: int) -> Sequence[str]:
    """The word itself if it fits on a line, else its parts, as many on a line as fit."""
    lines = [""]
    for part in _PARTS.findall(word) if cell_len(word) > width else [word]:
        for piece in chop_cells(part, width):
            if cell_len(lines[-1] + piece) <= width:
                lines[-1] += piece
            else:
                lines.append(piece)
    return lines


def _styled(line: str, style: Style | None) -> str:
    return style.render(line, color_system=ColorSystem.STANDARD) if style else line
