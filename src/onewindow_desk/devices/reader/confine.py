"""The helper gives up what it does not need, before it looks at a strange file.

Linux: limits on memory, processor time, files and processes; no new rights; its own empty network; and on
x86-64 a system-call filter that leaves reading, memory and two pipes. Elsewhere only the desk's clock guards
it; the confinement reached is told to the desk (docs/decisions/0042).
"""

import ctypes
import os
import struct
import sys
from enum import IntFlag

from onewindow_desk.devices.reader.limits import Limits


class Confinement(IntFlag):
    """What the helper can no longer do."""

    NOTHING = 0
    MEMORY = 1
    """take more memory, processor time or files than allowed"""
    NETWORK = 2
    """reach any network"""
    FILES = 4
    """make, change or remove any file, or start any program"""
    ALL = 7


PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
SECCOMP_MODE_FILTER, SIGKILL = 2, 9
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000

AUDIT_ARCH_X86_64 = 0xC000003E
ALLOW, DENY, KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000
LOAD, EQUALS, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
OFFSET_NUMBER, OFFSET_ARCH, OFFSET_ARG0, OFFSET_ARG2 = 0, 4, 16, 32

OPENAT, TGKILL = 257, 234
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

# x86-64 numbers of what decoding needs: reading, memory, clocks, fonts for PDFs, dying.
CALLS = {
    "read": 0, "write": 1, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "lseek": 8, "mmap": 9,
    "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15,
    "ioctl": 16, "pread64": 17, "readv": 19, "writev": 20, "access": 21, "sched_yield": 24, "mremap": 25,
    "madvise": 28, "dup": 32, "getpid": 39, "exit": 60, "uname": 63, "fcntl": 72, "getcwd": 79,
    "readlink": 89, "gettimeofday": 96, "getrusage": 98, "sysinfo": 99, "getuid": 102, "getgid": 104,
    "geteuid": 107, "getegid": 108, "sigaltstack": 131, "gettid": 186, "futex": 202, "getdents64": 217,
    "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231,
    "newfstatat": 262, "readlinkat": 267, "faccessat": 269, "getrandom": 318, "statx": 332, "rseq": 334,
}  # fmt: skip


def confine(limits: Limits) -> Confinement:
    """Give up rights for the rest of this process's life and tell which are gone."""
    if sys.platform != "linux":
        return Confinement.NOTHING
    _limit_resources(limits)
    libc = ctypes.CDLL(None, use_errno=True)
    _prctl(libc, PR_SET_PDEATHSIG, SIGKILL)
    _prctl(libc, PR_SET_DUMPABLE, 0)
    _prctl(libc, PR_SET_NO_NEW_PRIVS, 1)
    reached = Confinement.MEMORY
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
        reached |= Confinement.NETWORK
    if os.uname().machine == "x86_64" and _filter_calls(libc):
        reached |= Confinement.NETWORK | Confinement.FILES
    return reached


def _limit_resources(limits: Limits) -> None:
    # The module is not there on Windows.
    import resource

    seconds = int(limits.total_seconds) + 1
    for what, wanted in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        hard = resource.getrlimit(what)[1]
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(what, (most, most))


def _prctl(libc: ctypes.CDLL, option: int, value: int) -> bool:
    return bool(libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0) == 0)


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _filter_calls(libc: ctypes.CDLL) -> bool:
    """Install the filter; false when the kernel does not take it."""
    code = filter_program(os.getpid())
    program = _Program(len(code) // 8, code)
    done = libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.byref(program), 0, 0)
    return bool(done == 0)


def filter_program(pid: int) -> bytes:
    """BPF instructions: foreign architectures die, unknown calls get EPERM, files open for reading only.

    `pid` is this process: it may signal itself (abort) and nobody else.
    """
    rows = [
        (LOAD, 0, 0, OFFSET_ARCH), (EQUALS, 1, 0, AUDIT_ARCH_X86_64), (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, OFFSET_NUMBER),
        (EQUALS, 0, 4, OPENAT), (LOAD, 0, 0, OFFSET_ARG2), (ANY_BIT, 0, 1, WRITING),
        (RETURN, 0, 0, DENY), (RETURN, 0, 0, ALLOW),
        (EQUALS, 0, 4, TGKILL), (LOAD, 0, 0, OFFSET_ARG0), (EQUALS, 0, 1, pid),
        (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, DENY),
    ]  # fmt: skip
    for number in CALLS.values():
        rows += [(EQUALS, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    rows.append((RETURN, 0, 0, DENY))
    return b"".join(struct.pack("=HBBI", *row) for row in rows)
