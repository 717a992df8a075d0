/* Stands between a program and the disk: writes down every change below one folder, and makes the n-th of them fail.
 *
 * Preloaded (LD_PRELOAD) into a real process: PCUT_FOLDER is the folder, PCUT_LOG the file that is written (outside of it; none: nothing is
 * written down). One record: struct head, then the path, the second path, the bytes. `pcut_mark` puts a remark between the records,
 * `pcut_arm` makes operations fail, `pcut_count` tells how many there were since, `pcut_fired` how many of them failed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN = 1, CREATE, WRITE, TRUNCATE, SYNC, SYNC_FOLDER, RENAME, UNLINK, MKDIR, RMDIR, MARK };
enum { LONGEST = 1024, MOST = 1024 };

struct head {
    uint64_t kind, file, offset, path, second, bytes;
};

static pthread_mutex_t alone = PTHREAD_MUTEX_INITIALIZER;
static char folder[LONGEST];
static size_t folder_length;
static int log_file = -1;
static char known[MOST][LONGEST];
static long counted, fail_at, fired;
static int fail_with, for_ever;

__attribute__((constructor)) static void begin(void) {
    const char *told = getenv("PCUT_FOLDER"), *log = getenv("PCUT_LOG");
    if (!told || strlen(told) >= LONGEST) return;
    strcpy(folder, told);
    folder_length = strlen(folder);
    if (log) log_file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void *next(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}
#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)next(#name)

static void note(int kind, uint64_t file, uint64_t offset, const char *path, const char *second, const void *bytes, size_t length) {
    if (log_file < 0) return;
    struct head head = {kind, file, offset, path ? strlen(path) : 0, second ? strlen(second) : 0, bytes ? length : 0};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)path, head.path}, {(void *)second, head.second}, {(void *)bytes, head.bytes}};
    size_t whole = sizeof head + head.path + head.second + head.bytes;
    if ((size_t)syscall(SYS_writev, log_file, parts, 4) != whole) abort();
}

void pcut_mark(const char *text) {
    pthread_mutex_lock(&alone);
    note(MARK, 0, 0, NULL, NULL, text, strlen(text));
    pthread_mutex_unlock(&alone);
}

/* From now on the n-th change fails with this error; for ever: so do all after it that need room. n = 0: none. */
void pcut_arm(long n, int error, int ever) {
    pthread_mutex_lock(&alone);
    counted = fired = 0;
    fail_at = n;
    fail_with = error;
    for_ever = ever;
    pthread_mutex_unlock(&alone);
}

long pcut_count(void) { return counted; }
long pcut_fired(void) { return fired; }

/* Whether this change is to fail now; a full disk still renames and removes. */
static int fails(int needs_room) {
    counted++;
    if (!fail_at || counted < fail_at || (for_ever ? !needs_room : counted > fail_at)) return 0;
    fired++;
    errno = fail_with;
    return 1;
}

/* The whole path where it lies below the folder (or is it), else NULL. */
static const char *below(int at, const char *path, char *room) {
    if (!folder_length || !path) return NULL;
    if (path[0] == '/') {
        if (strlen(path) >= LONGEST) return NULL;
        strcpy(room, path);
    } else {
        char link[64];
        ssize_t length;
        if (at == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
        else snprintf(link, sizeof link, "/proc/self/fd/%d", at);
        length = readlink(link, room, LONGEST - 1);
        if (length < 0 || length + strlen(path) + 2 > LONGEST) return NULL;
        room[length] = '/';
        strcpy(room + length + 1, path);
    }
    if (strncmp(room, folder, folder_length) || (room[folder_length] != '/' && room[folder_length])) return NULL;
    return room;
}

static uint64_t number(int fd) {
    struct stat about;
    return fstat(fd, &about) ? 0 : (uint64_t)about.st_ino;
}

static int watched(int fd) { return fd >= 0 && fd < MOST && known[fd][0]; }

static int opened(int at, const char *path, int flags, mode_t mode) {
    char room[LONGEST];
    pthread_mutex_lock(&alone);
    const char *whole = below(at, path, room);
    int fresh = whole && (flags & O_CREAT) && faccessat(at, path, F_OK, AT_SYMLINK_NOFOLLOW);
    struct stat before;
    int cuts = whole && !fresh && (flags & O_TRUNC) && !fstatat(at, path, &before, 0) && before.st_size;
    int fd = (fresh || cuts) && fails(fresh) ? -1 : (int)syscall(SYS_openat, at, path, flags, mode);
    if (fd >= 0 && fd < MOST) {
        known[fd][0] = 0;
        if (whole) {
            strcpy(known[fd], whole);
            note(fresh ? CREATE : OPEN, number(fd), 0, whole, NULL, NULL, 0);
            if (cuts) note(TRUNCATE, number(fd), 0, whole, NULL, NULL, 0);
        }
    } else if (fd >= MOST && whole) abort();
    pthread_mutex_unlock(&alone);
    return fd;
}

#define MODE(flags) ({ mode_t given = 0; if ((flags) & (O_CREAT | __O_TMPFILE)) { va_list more; va_start(more, flags); \
    given = (mode_t)va_arg(more, int); va_end(more); } given; })
int open(const char *path, int flags, ...) { return opened(AT_FDCWD, path, flags, MODE(flags)); }
int open64(const char *path, int flags, ...) { return opened(AT_FDCWD, path, flags, MODE(flags)); }
int openat(int at, const char *path, int flags, ...) { return opened(at, path, flags, MODE(flags)); }
int openat64(int at, const char *path, int flags, ...) { return opened(at, path, flags, MODE(flags)); }

int close(int fd) {
    REAL(close);
    pthread_mutex_lock(&alone);
    if (fd >= 0 && fd < MOST) known[fd][0] = 0;
    int done = real(fd);
    pthread_mutex_unlock(&alone);
    return done;
}

static ssize_t written(int fd, const void *bytes, size_t length, off_t offset, int moves) {
    pthread_mutex_lock(&alone);
    ssize_t done = -1;
    int mine = watched(fd);
    if (!mine || !fails(1)) {
        done = moves ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, offset);
        if (mine && done > 0) {
            if (moves) offset = lseek(fd, 0, SEEK_CUR) - done;
            note(WRITE, number(fd), (uint64_t)offset, known[fd], NULL, bytes, (size_t)done);
        }
    }
    pthread_mutex_unlock(&alone);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length) { return written(fd, bytes, length, 0, 1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return written(fd, bytes, length, offset, 0); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return written(fd, bytes, length, offset, 0); }

/* Copies inside the kernel would not be seen: the caller falls back to reading and writing. */
ssize_t sendfile(int out, int in, off_t *offset, size_t count) {
    REAL(sendfile);
    if (!watched(out)) return real(out, in, offset, count);
    errno = ENOTSOCK;
    return -1;
}
ssize_t sendfile64(int out, int in, off64_t *offset, size_t count) { return sendfile(out, in, offset, count); }
ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t length, unsigned flags) {
    REAL(copy_file_range);
    if (!watched(out)) return real(in, from, out, to, length, flags);
    errno = EXDEV;
    return -1;
}

static int cut(int fd, off_t length) {
    pthread_mutex_lock(&alone);
    int mine = watched(fd), done = mine && fails(0) ? -1 : (int)syscall(SYS_ftruncate, fd, length);
    if (mine && !done) note(TRUNCATE, number(fd), (uint64_t)length, known[fd], NULL, NULL, 0);
    pthread_mutex_unlock(&alone);
    return done;
}
int ftruncate(int fd, off_t length) { return cut(fd, length); }
int ftruncate64(int fd, off64_t length) { return cut(fd, length); }

static int flushed(int fd, long call) {
    struct stat about;
    pthread_mutex_lock(&alone);
    int mine = watched(fd) && !fstat(fd, &about), done = mine && fails(1) ? -1 : (int)syscall(call, fd);
    if (mine && !done) note(S_ISDIR(about.st_mode) ? SYNC_FOLDER : SYNC, (uint64_t)about.st_ino, 0, known[fd], NULL, NULL, 0);
    pthread_mutex_unlock(&alone);
    return done;
}
int fsync(int fd) { return flushed(fd, SYS_fsync); }
int fdatasync(int fd) { return flushed(fd, SYS_fdatasync); }

static int named(int kind, int at, const char *path, int to, const char *second, int flags, mode_t mode) {
    char room[LONGEST], other[LONGEST];
    pthread_mutex_lock(&alone);
    const char *whole = below(at, path, room), *aim = second ? below(to, second, other) : NULL;
    int done = -1;
    if (!(whole || aim) || !fails(kind == MKDIR)) {
        if (kind == RENAME) done = (int)syscall(SYS_renameat, at, path, to, second);
        else if (kind == MKDIR) done = (int)syscall(SYS_mkdirat, at, path, mode);
        else done = (int)syscall(SYS_unlinkat, at, path, flags);
        if (!done && (whole || aim)) note(kind, 0, 0, whole, aim, NULL, 0);
    }
    pthread_mutex_unlock(&alone);
    return done;
}
int rename(const char *from, const char *to) { return named(RENAME, AT_FDCWD, from, AT_FDCWD, to, 0, 0); }
int renameat(int at, const char *from, int to, const char *name) { return named(RENAME, at, from, to, name, 0, 0); }
int unlink(const char *path) { return named(UNLINK, AT_FDCWD, path, 0, NULL, 0, 0); }
int unlinkat(int at, const char *path, int flags) { return named(flags & AT_REMOVEDIR ? RMDIR : UNLINK, at, path, 0, NULL, flags, 0); }
int mkdir(const char *path, mode_t mode) { return named(MKDIR, AT_FDCWD, path, 0, NULL, 0, mode); }
int mkdirat(int at, const char *path, mode_t mode) { return named(MKDIR, at, path, 0, NULL, 0, mode); }
int rmdir(const char *path) { return named(RMDIR, AT_FDCWD, path, 0, NULL, AT_REMOVEDIR, 0); }
