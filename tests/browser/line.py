"""The line between a browser and a server, which a test can cut and mend, and which may be slow."""

import asyncio
import threading
from contextlib import suppress


class Line:
    """Passes on what a browser and a server say to each other. It is itself an address to open pages at.

    What the server says may be held for so many seconds, as a proxy does that collects before it sends.
    """

    def __init__(self, server, hold=0.0):
        self.server, self.hold = server, hold
        self._loop = asyncio.new_event_loop()
        self._ends = set()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.port = 0
        self.mend()
        self.address = f"http://127.0.0.1:{self.port}"

    def mend(self):
        self._do(self._listen())

    def cut(self):
        self._do(self._hang_up())

    def close(self):
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _do(self, what):
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    async def _listen(self):
        self._listener = await asyncio.start_server(self._connect, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _hang_up(self):
        self._listener.close()
        for end in list(self._ends):
            end.close()

    async def _connect(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        except OSError:
            writer.close()
            return
        self._ends |= {writer, far_writer}
        await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer, self.hold))
        self._ends -= {writer, far_writer}

    async def _pass(self, source, target, hold=0.0):
        with suppress(OSError):
            while content := await source.read(65_536):
                await asyncio.sleep(hold)
                target.write(content)
                await target.drain()
        target.close()
