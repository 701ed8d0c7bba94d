"""What a page sends to the process behind it: looked at before Jupyter Server unpacks it.

Jupyter Server believes the number of parts that a message says it has, and makes room for so many. A message that is
read after its connection was closed is taken for one of the older kind, in which the same bytes say a hundred million
parts: three gigabytes for as long as the server lives. A hostile one can say any number.
"""

from __future__ import annotations

import logging
from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

logger = logging.getLogger("mlasim.views.room")

Foreign = Any
"""What Jupyter Server and Tornado hand over, which they give no types."""

CURRENT = "v1.kernel.websocket.jupyter.org"
"""The way in which pages of today put messages into bytes."""


class RoomConnection(ZMQChannelsWebsocketConnection):
    """The connection of a page, which passes on only what can be read."""

    def handle_incoming_message(self, incoming_msg: Foreign) -> None:
        """Pass a message on; drop what comes after the end, close on what cannot be read."""
        if self.websocket_handler.ws_connection is None:
            logger.debug("a message came after its connection was closed")
            return
        if not readable(incoming_msg, current=self.subprotocol == CURRENT):
            logger.warning("a page sent what is no message; its connection is closed")
            self.websocket_handler.close(1003)
            return
        super().handle_incoming_message(incoming_msg)


def readable(message: bytes | str, *, current: bool) -> bool:
    """Whether a message holds as many parts as it says, in the ``current`` way of putting it or the older one.

    Both begin with a number and with so many places of parts: 8 bytes each, the least first; or 4, the greatest first.
    """
    if isinstance(message, str):
        return not current
    width = 8 if current else 4
    parts = int.from_bytes(message[:width], "little" if current else "big")
    return (3 if current else 1) <= parts < len(message) // width
