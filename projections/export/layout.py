"""How columns share the width of a page. When they cannot stand side by side, a row takes several lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from projections.export.shape import Column

GAP = 2
_LONGEST_WORD = 16  # a longer one may be broken
_NUMBERS = {"nik": 16, "ni": 18, "case": 12}  # never broken, also where the first rows do not show their length


class Layout(NamedTuple):
    """widths: of the places across the page. lines: for each line of a row, which columns it shows, by index."""

    widths: Sequence[int]
    lines: Sequence[Sequence[int]]


def fit(columns: Sequence[Column], headings: Sequence[str], sample: Sequence[Sequence[str]], page: int) -> Layout:
    """The layout with the fewest lines for a row in which no number and no usual word is broken.

    sample: the first rows as shown. If nothing fits, one column a line, and the page is the limit.
    """
    cells = [[heading, *(row[place] for row in sample)] for place, heading in enumerate(headings)]
    wanted = [column.width or max(map(cell_len, shown)) for column, shown in zip(columns, cells, strict=True)]
    least = [_least(column, shown, want) for column, shown, want in zip(columns, cells, wanted, strict=True)]
    for height in range(1, len(columns) + 1):
        across = -(-len(columns) // height)
        lines = [range(start, min(start + across, len(columns))) for start in range(0, len(columns), across)]
        narrowest = _across(least, across)
        if _total(narrowest) <= page:
            return Layout(_spread(narrowest, _across(wanted, across), page), lines)
    return Layout([page], [[place] for place in range(len(columns))])


def _least(column: Column, shown: Sequence[str], wanted: int) -> int:
    """The narrowest a column may be: its longest word, its whole content if it is a number of a person or a figure."""
    if column.key in _NUMBERS:
        return max(wanted, _NUMBERS[column.key])
    if column.width or column.right:
        return wanted
    return min(_LONGEST_WORD, max((cell_len(word) for words in shown for word in words.split()), default=1))


def _across(widths: Sequence[int], across: int) -> list[int]:
    """The greatest width at each place when the columns are laid in lines of `across`."""
    return [max(widths[place::across]) for place in range(across)]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _spread(narrowest: Sequence[int], wanted: Sequence[int], page: int) -> list[int]:
    """Give what is left of the page, a character at a time, to the column that lacks most for its width."""
    widths = list(narrowest)
    for _ in range(page - _total(widths)):
        lacking = [want / width for want, width in zip(wanted, widths, strict=True)]
        neediest = lacking.index(max(lacking))
        if lacking[neediest] <= 1:
            break
        widths[neediest] += 1
    return widths
