#!/usr/bin/env python3
"""W1: power cuts. The data folder lies on an ext4 image; the server is paused, the file system
drops its journal and all that was not synced, and what is left is mounted again."""

import fcntl
import os
import random
import shutil
import sqlite3
import struct
import subprocess
from contextlib import closing, contextmanager

from harness import Server, copy_folder, main, mount, need_tool, private_mounts, say
from judge import judge
from load import begin_load

EXT4_IOC_SHUTDOWN = 0x8004587D
WITHOUT_JOURNAL = struct.pack("I", 2)
IMAGE_BYTES = 512 << 20
# Two hundred flushes take a second; a busy machine may need some more.
LIFE_SECONDS_MAX = 20


class Disk:
    """An ext4 file system on a loop device, in a folder of the scratch."""

    def __init__(self, scratch, size=IMAGE_BYTES):
        self.image, self.folder = scratch / "disk.img", scratch / "disk"
        self.folder.mkdir()
        with open(self.image, "wb") as image:
            image.truncate(size)
        subprocess.run(["mkfs.ext4", "-q", "-F", self.image], check=True)

    def mount(self):
        mount("-o", "loop", self.image, self.folder)

    def unmount(self):
        if os.path.ismount(self.folder):
            subprocess.run(["umount", self.folder], check=True)

    def cut_power(self):
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, EXT4_IOC_SHUTDOWN, WITHOUT_JOURNAL)
        finally:
            os.close(folder)


@contextmanager
def disk_of(scratch):
    private_mounts()
    need_tool("mkfs.ext4")
    disk = Disk(scratch)
    disk.mount()
    try:
        yield disk
    finally:
        disk.unmount()


async def row(args, scratch):
    return await cuts(args, scratch, [args.sillage])


async def cuts(args, scratch, program):
    with disk_of(scratch) as disk:
        server = Server(program, scratch, data=disk.folder / "data")
        try:
            return await cut_again_and_again(args, scratch, server, disk)
        finally:
            server.kill()  # or the disk stays busy


async def cut_again_and_again(args, scratch, server, disk):
    chance = random.Random(args.seed)
    await server.start()
    _, load = await begin_load(args, server, scratch, 24)
    wrong = []
    for _ in range(args.cuts):
        if not await load.until_acks(chance.randrange(20, 200), LIFE_SECONDS_MAX):
            wrong.append(f"W1: no more acks after {load.acks}: {load.statuses}")
            break
        # Paused first: an answer that races the cut would be one that the disk never promised.
        server.pause()
        disk.cut_power()
        server.kill()
        disk.unmount()
        disk.mount()
        damage = integrity(server, scratch)
        if damage:
            copy_folder(server.data, scratch / "damaged")
            return wrong + damage
        await server.start()
    await load.end()
    say(f"  {args.cuts} cuts, {load.acks} acks")
    wrong += await judge(args, server, scratch / "record.jsonl")
    if wrong:
        copy_folder(server.data, scratch / "data")  # the mount ends with this process
    return wrong


def integrity(server, scratch):
    """SQLite's own word on a copy, so that the server still meets what the cut left."""
    copy = scratch / "copy"
    copy_folder(server.data, copy)
    try:
        with closing(sqlite3.connect(copy / "sillage.db")) as database:
            words = database.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        shutil.rmtree(copy)
    return [] if words == "ok" else [f"W1 integrity: {words}"]


if __name__ == "__main__":
    main(row, cuts=20)
