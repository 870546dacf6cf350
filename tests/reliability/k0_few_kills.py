#!/usr/bin/env python3
"""K1 in small, for every day."""

from harness import main
from k1_kill import kills


async def row(args, scratch):
    return await kills(args, scratch)


if __name__ == "__main__":
    main(row, kills=3, acks=600, instances=16, idle=0)
