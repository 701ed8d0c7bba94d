"""The YAML parser of ruamel.yaml, pure Python, with less work per token; the events are the same.

The parser asks its scanner several times about the same token, and the scanner looks each time whether it must
read on. Here the token at hand is kept until it is taken. Reading takes about two thirds of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner


def events(text: str) -> Iterator[Any]:
    """The parser's events for a text; raises what ruamel.yaml raises."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Reader, yaml.Scanner, yaml.Parser = _Reader, _Scanner, _Parser
    yield from yaml.parse(text)


class _Parser(Parser):
    @cached_property
    def scanner(self) -> Any:
        return self.loader.scanner


class _Scanner(Scanner):
    scanner_processing_version = (1, 2)
    token: Any = None
    """The token at hand, already taken from the scanner but not yet by the parser."""

    @cached_property
    def reader(self) -> Any:
        return self.loader.reader

    def check_token(self, *choices: Any) -> bool:
        token = self.token
        if token is None:
            token = self.token = super().get_token()
        return not choices or isinstance(token, choices)

    def peek_token(self) -> Any:
        if self.token is None:
            self.token = super().get_token()
        return self.token

    def get_token(self) -> Any:
        token, self.token = self.token, None
        return super().get_token() if token is None else token


class _Reader(Reader):
    def forward(self, length: int = 1) -> None:
        """Move on by some characters, at once unless a line ends among them."""
        end = self.pointer + length
        passed = self.buffer[self.pointer : end]
        if end + 1 >= len(self.buffer) or "\n" in passed or "\r" in passed or "\ufeff" in passed:
            super().forward(length)
        else:
            self.pointer = end
            self.index += length
            self.column += length
