/* Records every write, sync and change of names below one folder, in the order they happen.
 *
 * Loaded with LD_PRELOAD into the process under test, so that what SQLite, SQLCipher and Python do
 * to the disk is what is written down, not what we believe they do. One lock is held across each
 * real call: the record is a total order. A record is a line of text, for a write followed by the
 * bytes:
 *
 *     W <offset> <length> <path>\n<bytes>      C <path>            created empty
 *     T <size> <path>                          S <path>            synced (file or folder)
 *     R <old path>\t<new path>                 U <path>            D <path>   folder made
 *
 * POWERLOSS_FOLDER names the folder, POWERLOSS_RECORD the file to write.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int record = -2;
static const char *folder;

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void put(const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        long done = syscall(SYS_write, record, at, length);
        if (done <= 0)
            _exit(97);
        at += done;
        length -= (size_t)done;
    }
}

static int recording(void)
{
    if (record == -2) {
        const char *path = getenv("POWERLOSS_RECORD");
        folder = getenv("POWERLOSS_FOLDER");
        record = path && folder
            ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)
            : -1;
    }
    return record >= 0;
}

static int watched(const char *path)
{
    size_t length = strlen(path);
    if (!recording() || strncmp(path, folder, strlen(folder)) != 0)
        return 0;
    /* Shared memory is rebuilt from the log; it never has to reach the disk. */
    return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static const char *path_of(int fd, char *path)
{
    char link[64];
    ssize_t length;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, PATH_MAX - 1);
    if (length < 0)
        return NULL;
    path[length] = 0;
    return watched(path) ? path : NULL;
}

static void note(const char *format, ...)
{
    char line[2 * PATH_MAX + 64];
    va_list given;
    int length;
    va_start(given, format);
    length = vsnprintf(line, sizeof line, format, given);
    va_end(given);
    put(line, (size_t)length);
}

static void note_write(int fd, const void *bytes, ssize_t done, off_t offset)
{
    char path[PATH_MAX];
    if (done > 0 && path_of(fd, path)) {
        note("W %lld %lld %s\n", (long long)offset, (long long)done, path);
        put(bytes, (size_t)done);
    }
}

static int there(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0;
}

static void note_open(const char *path, int flags, int was_there, int fd)
{
    if (fd < 0 || !watched(path))
        return;
    if ((flags & O_CREAT) && !was_there)
        note("C %s\n", path);
    else if (flags & O_TRUNC)
        note("T 0 %s\n", path);
}

#define OPEN(name)                                                          \
    int name(const char *path, int flags, ...)                              \
    {                                                                       \
        mode_t mode = 0;                                                    \
        int was_there, fd;                                                  \
        REAL(name);                                                         \
        if (flags & (O_CREAT | O_TMPFILE)) {                                \
            va_list given;                                                  \
            va_start(given, flags);                                         \
            mode = va_arg(given, mode_t);                                   \
            va_end(given);                                                  \
        }                                                                   \
        pthread_mutex_lock(&lock);                                          \
        was_there = there(path);                                            \
        fd = real(path, flags, mode);                                       \
        note_open(path, flags, was_there, fd);                              \
        pthread_mutex_unlock(&lock);                                        \
        return fd;                                                          \
    }

OPEN(open)
OPEN(open64)

#define PWRITE(name, offset_type)                                           \
    ssize_t name(int fd, const void *bytes, size_t length, offset_type at)  \
    {                                                                       \
        ssize_t done;                                                       \
        REAL(name);                                                         \
        pthread_mutex_lock(&lock);                                          \
        done = real(fd, bytes, length, at);                                 \
        note_write(fd, bytes, done, at);                                    \
        pthread_mutex_unlock(&lock);                                        \
        return done;                                                        \
    }

PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t length)
{
    ssize_t done;
    off_t at;
    REAL(write);
    pthread_mutex_lock(&lock);
    at = lseek(fd, 0, SEEK_CUR);
    done = real(fd, bytes, length);
    if (fcntl(fd, F_GETFL) & O_APPEND)
        at = lseek(fd, 0, SEEK_CUR) - (done > 0 ? done : 0);
    note_write(fd, bytes, done, at);
    pthread_mutex_unlock(&lock);
    return done;
}

#define SYNC(name)                                                          \
    int name(int fd)                                                        \
    {                                                                       \
        char path[PATH_MAX];                                                \
        int outcome;                                                        \
        REAL(name);                                                         \
        pthread_mutex_lock(&lock);                                          \
        /* The call itself may wait for a slow disk and proves nothing. */  \
        outcome = path_of(fd, path) ? 0 : real(fd);                         \
        if (path_of(fd, path))                                              \
            note("S %s\n", path);                                           \
        pthread_mutex_unlock(&lock);                                        \
        return outcome;                                                     \
    }

SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name, size_type)                                           \
    int name(int fd, size_type size)                                        \
    {                                                                       \
        char path[PATH_MAX];                                                \
        int outcome;                                                        \
        REAL(name);                                                         \
        pthread_mutex_lock(&lock);                                          \
        outcome = real(fd, size);                                           \
        if (outcome == 0 && path_of(fd, path))                              \
            note("T %lld %s\n", (long long)size, path);                     \
        pthread_mutex_unlock(&lock);                                        \
        return outcome;                                                     \
    }

TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int rename(const char *from, const char *to)
{
    int outcome;
    REAL(rename);
    pthread_mutex_lock(&lock);
    outcome = real(from, to);
    if (outcome == 0 && watched(from))
        note("R %s\t%s\n", from, to);
    pthread_mutex_unlock(&lock);
    return outcome;
}

int unlink(const char *path)
{
    int outcome;
    REAL(unlink);
    pthread_mutex_lock(&lock);
    outcome = real(path);
    if (outcome == 0 && watched(path))
        note("U %s\n", path);
    pthread_mutex_unlock(&lock);
    return outcome;
}

int mkdir(const char *path, mode_t mode)
{
    int outcome;
    REAL(mkdir);
    pthread_mutex_lock(&lock);
    outcome = real(path, mode);
    if (outcome == 0 && watched(path))
        note("D %s\n", path);
    pthread_mutex_unlock(&lock);
    return outcome;
}
