# SPDX-License-Identifier: Apache-2.0
"""A real desk in a pseudo-terminal: type keys, read the screen as a person
would. The terminal is emulated by pyte."""
import errno
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

import pyte


class DeskError(AssertionError):
    """The screen never showed what a person would wait for."""


class Screen(pyte.Screen):
    """With what curses uses and pyte does not know: REP (CSI b), SU and SD (CSI S
    and T)."""

    def draw(self, data):
        super().draw(data)
        self.drawn = data[-1:] or self.drawn

    def repeat_last(self, count=1):
        super().draw(self.drawn * (count or 1))

    def _roll(self, count, at, step):
        top, bottom = self.margins or (0, self.lines - 1)
        line = self.cursor.y
        self.cursor.y = top if at < 0 else bottom
        for _ in range(count or 1):
            step()
        self.cursor.y = line

    def scroll_up(self, count=1):
        self._roll(count, 1, self.index)

    def scroll_down(self, count=1):
        self._roll(count, -1, self.reverse_index)

    drawn = " "


class Stream(pyte.ByteStream):
    csi = dict(pyte.ByteStream.csi, b="repeat_last", S="scroll_up", T="scroll_down")
    events = pyte.ByteStream.events | {"repeat_last", "scroll_up", "scroll_down"}


class Desk:
    """argv and env of the desk; keys counts what was pressed."""

    def __init__(self, argv, env, columns=120, rows=40, term="xterm-256color"):
        self.screen = Screen(columns, rows)
        self.stream = Stream(self.screen)
        self.status = None
        self.keys = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(argv[0], argv, dict(env, TERM=term, LC_ALL="C.UTF-8"))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.set_blocking(self.fd, False)

    def pump(self, seconds):
        """Feeds what the desk writes; returns whether anything came."""
        came = False
        ready, _, _ = select.select([self.fd], [], [], seconds)
        while ready:
            try:
                data = os.read(self.fd, 65536)
            except BlockingIOError:
                break
            except OSError as e:
                if e.errno == errno.EIO:
                    self.wait_end()
                    break
                raise
            if not data:
                self.wait_end()
                break
            came = True
            self.stream.feed(data)
            ready, _, _ = select.select([self.fd], [], [], 0)
        return came

    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    def text(self):
        return "\n".join(self.lines())

    def wait(self, what, predicate, seconds=20):
        """Pumps until predicate(self) is true and returns its value."""
        until = time.monotonic() + seconds
        while True:
            value = predicate(self)
            if value:
                return value
            if time.monotonic() > until or self.status is not None:
                raise DeskError(f"waited in vain for {what}; the screen:\n{self.text()}")
            self.pump(0.05)

    def wait_text(self, *words, seconds=20):
        return self.wait(" / ".join(words), lambda d: any(w in d.text() for w in words), seconds)

    def settle(self, quiet=0.06):
        """Until nothing was drawn for so many seconds."""
        while self.pump(quiet):
            pass

    def send(self, keys):
        self.keys += len(keys)
        os.write(self.fd, keys.encode())

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    def wait_end(self, seconds=20):
        until = time.monotonic() + seconds
        while self.status is None and time.monotonic() < until:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            else:
                time.sleep(0.01)
        return self.status

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGTERM)
            self.wait_end()
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait_end()
        os.close(self.fd)
        return self.status
