"""Where things stand in a TOML file. `tomllib` keeps no line numbers, so they are found when a fault must be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

Path = tuple[str, ...]
"""Keys from the top of a file, items of lists by their number: ("steps", "propose", "documents", "0")."""

_TOKEN = re.compile(
    r"""(?P<skip>[ \t\r]+|\#[^\n]*)
      | (?P<string>\"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*')
      | (?P<mark>[\[\]{}=,.\n])
      | (?P<bare>[^\s"'\[\]{}=,.\#]+)""",
    re.VERBOSE | re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def lines_of(source: str) -> dict[Path, int]:
    """The line, from 1, of every table, key and list item of a file that `tomllib` has accepted."""
    return _Reader(source).read()


def nearest_line(lines: dict[Path, int], path: Path) -> int:
    """The line of what `path` names, else of the innermost thing around it that the file has, else 1."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _tokens(source: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(source):
        kind, found = str(match.lastgroup), match.group()
        if kind != "skip":
            yield _Token(kind, found, line)
        line += found.count("\n")
    yield _Token("mark", "\n", line)


class _Reader:
    """Walks the tokens once; lenient, because the file is known to be TOML."""

    def __init__(self, source: str) -> None:
        self.tokens = list(_tokens(source))
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.tables_in: dict[Path, int] = {}

    def read(self) -> dict[Path, int]:
        table: Path = ()
        while self.at < len(self.tokens):
            if self._is("\n"):
                self.at += 1
            elif self._is("["):
                table = self._header()
            else:
                self._pair(table)
        return self.lines

    def _is(self, *marks: str) -> bool:
        token = self.tokens[self.at]
        return token.kind == "mark" and token.text in marks

    def _header(self) -> Path:
        line, depth = self.tokens[self.at].line, 0
        while self._is("["):
            depth, self.at = depth + 1, self.at + 1
        path = self._key("]")
        self.at += depth
        if depth == 2:
            number = self.tables_in.get(path, 0)
            self.tables_in[path] = number + 1
            path = (*path, str(number))
        self._note(path, line)
        return path

    def _key(self, until: str) -> Path:
        parts: list[str] = []
        while not self._is(until, "\n"):
            token = self.tokens[self.at]
            if token.kind != "mark":
                parts.append(token.text.strip("\"'") if token.kind == "string" else token.text)
            self.at += 1
        return tuple(parts)

    def _pair(self, table: Path) -> None:
        line = self.tokens[self.at].line
        path = table + self._key("=")
        self.at += 1
        self._note(path, line)
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._is("["):
            self._items(path)
        elif self._is("{"):
            self.at += 1
            while not self._is("}"):
                if self._is(",", "\n"):
                    self.at += 1
                else:
                    self._pair(path)
            self.at += 1
        else:
            while not self._is(",", "]", "}", "\n"):
                self.at += 1

    def _items(self, path: Path) -> None:
        self.at += 1
        number = 0
        while not self._is("]"):
            if self._is(",", "\n"):
                self.at += 1
                continue
            item = (*path, str(number))
            self._note(item, self.tokens[self.at].line)
            self._value(item)
            number += 1
        self.at += 1

    def _note(self, path: Path, line: int) -> None:
        """Remember a line for `path`, and for the tables that its name implies."""
        for end in range(1, len(path) + 1):
            self.lines.setdefault(path[:end], line)
