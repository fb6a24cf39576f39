"""A wire between a client and the tests' server that can be cut at a chosen moment."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Callable
from typing import Self

Moment = Callable[[bytes], bool]
"""Whether the wire is cut now, given what the client sends."""


def at(*parts: bytes) -> Moment:
    """When the client has said all of this, in this order."""
    waited = list(parts)

    def moment(said: bytes) -> bool:
        while waited and waited[0] in said:
            del waited[0]
        return not waited

    return moment


class Wire:
    """Passes on what is said, and is cut at `moment` as often as `cuts` says.

    before: what the client says at that moment is not passed on; else it is, with all that the client says before it
    is answered, and no answer comes.
    gone: nobody is let in afterwards.
    """

    def __init__(self, port: int, moment: Moment, *, before: bool, gone: bool = False) -> None:
        self._server, self._moment, self._before = port, moment, before
        self.cuts, self._gone = 0, gone
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._threads = [threading.Thread(target=self._welcome, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for thread in self._threads:
            thread.join(10)

    def _welcome(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._server))
            answered = threading.Event()
            for work in (
                threading.Thread(target=self._onward, args=(client, server, answered), daemon=True),
                threading.Thread(target=self._back, args=(server, client, answered), daemon=True),
            ):
                self._threads.append(work)
                work.start()

    def _onward(self, client: socket.socket, server: socket.socket, struck: threading.Event) -> None:
        with client, server, contextlib.suppress(OSError):
            while said := client.recv(65536):
                if self.cuts and self._moment(said):
                    self.cuts -= 1
                    if self._gone and not self.cuts:
                        self._door.shutdown(socket.SHUT_RDWR)
                        self._door.close()
                    struck.set()
                    if not self._before:
                        server.sendall(said)
                        while server not in select.select([client, server], [], [])[0]:
                            server.sendall(client.recv(65536))  # what it is to answer together with this
                    self._cut(client, server)
                    return
                server.sendall(said)
            self._cut(client, server)

    def _back(self, server: socket.socket, client: socket.socket, struck: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while True:
                answer = server.recv(65536, socket.MSG_PEEK)
                if not answer or struck.is_set():
                    return
                client.sendall(server.recv(len(answer)))

    def _cut(self, *ends: socket.socket) -> None:
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
