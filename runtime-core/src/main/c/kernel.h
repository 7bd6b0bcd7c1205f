/* System calls that the C library has no wrapper for, and scoped clean-up. Each returns what the kernel returned. */
#ifndef LANDLORD_KERNEL_H
#define LANDLORD_KERNEL_H

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MS_PRIVATE
#define MS_PRIVATE (1 << 18) /* <sys/mount.h> and <linux/mount.h> cannot be included together */
#endif
#ifndef MS_SLAVE
#define MS_SLAVE (1 << 19)
#endif
#ifndef MNT_DETACH
#define MNT_DETACH 2
#endif

static inline void close_quietly(const int *fd) {
    int saved = errno;
    if (*fd >= 0) close(*fd);
    errno = saved;
}
/* Closes the descriptor when it goes out of scope and keeps errno. */
#define SCOPED __attribute__((cleanup(close_quietly)))

static inline int sys_open_tree(int dir, const char *path, unsigned flags) {
    return (int)syscall(SYS_open_tree, dir, path, flags);
}
static inline int sys_move_mount(int from, int to, const char *path) {
    unsigned flags = MOVE_MOUNT_F_EMPTY_PATH | (*path ? 0 : MOVE_MOUNT_T_EMPTY_PATH);
    return (int)syscall(SYS_move_mount, from, "", to, path, flags);
}
static inline int sys_mount_setattr(int fd, const struct mount_attr *attributes) {
    return (int)syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, attributes, sizeof *attributes);
}
static inline int sys_fsopen(const char *type) { return (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC); }
static inline int sys_fsconfig(int fd, unsigned command, const char *key, const char *value, int aux) {
    return (int)syscall(SYS_fsconfig, fd, command, key, value, aux);
}
static inline int sys_fsmount(int fd, unsigned attributes) {
    return (int)syscall(SYS_fsmount, fd, FSMOUNT_CLOEXEC, attributes);
}
static inline int sys_openat2(int dir, const char *path, uint64_t flags, uint64_t resolve) {
    struct open_how how = {.flags = flags, .resolve = resolve};
    return (int)syscall(SYS_openat2, dir, path, &how, sizeof how);
}
static inline int sys_close_range(unsigned first, unsigned last, unsigned flags) {
    return (int)syscall(SYS_close_range, first, last, flags);
}

#endif
