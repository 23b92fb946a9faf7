"""The socket that the server listens on."""

import asyncio
import socket

import pytest

pytest.importorskip("uvicorn")

from jobclf.server import launch


def test_a_body_does_not_wait_for_its_head_to_be_acknowledged() -> None:
    async def nodelay() -> int:
        connected = asyncio.get_running_loop().create_future()
        async with await asyncio.start_server(
            lambda _, writer: connected.set_result(writer), sock=listening
        ):
            _, client = await asyncio.open_connection(*listening.getsockname())
            writer = await connected
            found = writer.get_extra_info("socket").getsockopt(
                socket.IPPROTO_TCP, socket.TCP_NODELAY
            )
            client.close()
            writer.close()
        return int(found)

    listening = launch.listen("127.0.0.1", 0).socket
    assert asyncio.run(nodelay())
