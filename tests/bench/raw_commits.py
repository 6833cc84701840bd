"""The reference of `bench intake`: INSERT ... COMMIT as fast as the same driver can, on so many connections.

`python -m tests.bench.raw_commits URL CONNECTIONS SECONDS BYTES` prints how many were committed.
"""

import asyncio
import os
import sys
import time
import uuid

import psycopg


async def _one(url: str, ends: float, body: bytes) -> int:
    count = 0
    async with await psycopg.AsyncConnection.connect(url) as db:
        while time.perf_counter() < ends:
            await db.execute("INSERT INTO raw_commits VALUES (%s, %b)", (uuid.uuid4(), body))
            await db.commit()
            count += 1
    return count


async def committed(url: str, connections: int, seconds: float, size: int) -> int:
    """Return how many rows of `size` bytes so many connections of this process committed."""
    ends, body = time.perf_counter() + seconds, os.urandom(size)
    return sum(await asyncio.gather(*(_one(url, ends, body) for _ in range(connections))))


if __name__ == "__main__":
    print(asyncio.run(committed(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))))
