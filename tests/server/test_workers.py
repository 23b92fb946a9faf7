"""Workers are replaced whatever becomes of those who asked them."""

import asyncio
import json
from contextlib import suppress

import pytest

from jobclf.roles import Role
from jobclf.server.workers import Workers
from tests.factories import posting

LINE = json.dumps({"text": posting(Role.ML_ENGINEER, 1) * 20}).encode() + b"\n"


@pytest.mark.parametrize("cancels", [1, 3])
def test_no_worker_is_lost_to_those_who_go(cancels: int) -> None:
    async def answered() -> bytes:
        workers = Workers(1, None)
        workers.start()
        try:
            await workers.do({"do": "predict"}, LINE, seconds=100)
            work = asyncio.create_task(workers.do({"do": "batch"}, LINE * 5000, seconds=100))
            await asyncio.sleep(0.1)
            assert workers._idle.empty()
            for _ in range(cancels):
                work.cancel()
                await asyncio.sleep(0)
            with suppress(asyncio.CancelledError):
                await work
            async with asyncio.timeout(100):
                return (await workers.do({"do": "predict"}, LINE, seconds=100)).body
        finally:
            await workers.end()

    assert json.loads(asyncio.run(answered()))["answer"] == "ml_engineer"
