#define _GNU_SOURCE
#include "init.h"
#include "kernel.h"
#include "links.h"

#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* What the steps of one launch share. */
struct launch {
    struct child *child;
    int root; /* the sandbox's root while it is being built */
};

enum { MOUNT_TARGET = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };

_Noreturn void child_fail(const struct child *child, unsigned op, const char *object) {
    struct failure failure;
    failure_fill(&failure, op, errno, object);
    /* Nobody is left to tell if this write fails; the supervisor then reports an end without a reason. */
    if (write(child->failure, &failure, sizeof failure) != sizeof failure) _exit(126);
    _exit(127);
}

static int await(const struct launch *launch, char expected) {
    char byte = 0;
    ssize_t got = recv(launch->child->sync, &byte, 1, 0);
    if (got == 1 && byte == expected) return 0;
    if (got >= 0) errno = EPIPE;
    return -1;
}

static int receive_root(struct launch *launch) {
    char byte = 0;
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t got = recvmsg(launch->child->sync, &message, MSG_CMSG_CLOEXEC);
    struct cmsghdr *header = got == 1 ? CMSG_FIRSTHDR(&message) : NULL;
    if (!header || header->cmsg_type != SCM_RIGHTS) {
        if (got >= 0) errno = EPIPE;
        return -1;
    }
    memcpy(&launch->root, CMSG_DATA(header), sizeof launch->root);
    return sys_move_mount(launch->root, AT_FDCWD, "/");
}

/* The change of ids clears the parent-death signal and the dumpable flag, so both are set behind it. */
static int guard_self(void) {
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return -1;
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

static int become_root(const struct launch *launch) {
    if (await(launch, 'M') != 0 || setgroups(0, NULL) != 0) return -1;
    if (setresgid(0, 0, 0) != 0 || setresuid(0, 0, 0) != 0) return -1;
    return guard_self();
}

static int mounts_private(void) {
    struct mount_attr attributes = {.propagation = MS_PRIVATE};
    return (int)syscall(SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &attributes, sizeof attributes);
}

static int make_directory(const struct launch *launch, const struct step *step) {
    const char *path = step->fields[0].bytes;
    if (mkdirat(launch->root, path, (mode_t)plan_number(step, 1)) == 0) return 0;
    if (errno != EEXIST) return -1;
    /* It is there already: it must be a directory that is reached without a symbolic link of the image. */
    SCOPED int fd = sys_openat2(launch->root, path, O_PATH | O_DIRECTORY | O_CLOEXEC, MOUNT_TARGET);
    return fd < 0 ? -1 : 0;
}

static int mount_file_system(const struct launch *launch, const struct step *step) {
    SCOPED int context = sys_fsopen(step->fields[0].bytes);
    if (context < 0) return -1;
    for (unsigned i = 3; i + 1 < step->count; i += 2)
        if (sys_fsconfig(context, FSCONFIG_SET_STRING, step->fields[i].bytes, step->fields[i + 1].bytes, 0) != 0)
            return -1;
    if (sys_fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0) return -1;
    SCOPED int mount = sys_fsmount(context, (unsigned)plan_number(step, 2));
    if (mount < 0) return -1;
    SCOPED int target = sys_openat2(launch->root, step->fields[1].bytes, O_PATH | O_CLOEXEC, MOUNT_TARGET);
    return target < 0 ? -1 : sys_move_mount(mount, target, "");
}

/* A node of the host's /dev, checked to be the device that the plan means, never one that an image could have made. */
static int host_device(const char *name, dev_t device) {
    char path[64];
    if ((size_t)snprintf(path, sizeof path, "/dev/%s", name) >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    struct stat about;
    if (fd >= 0 && (fstat(fd, &about) != 0 || !S_ISCHR(about.st_mode) || about.st_rdev != device)) {
        close(fd);
        errno = ENODEV;
        return -1;
    }
    return fd;
}

static int device(const struct launch *launch, const struct step *step) {
    const char *name = step->fields[0].bytes;
    char path[64];
    if ((size_t)snprintf(path, sizeof path, "dev/%s", name) >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    SCOPED int node = host_device(name, makedev((unsigned)plan_number(step, 1), (unsigned)plan_number(step, 2)));
    /* Never NODEV here: it would make the device itself dead. */
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC};
    if (node < 0 || sys_mount_setattr(node, &attributes) != 0) return -1;
    SCOPED int target = sys_openat2(launch->root, path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, MOUNT_TARGET);
    /* openat2 wants the mode in its own field; 0 is as good, the device is mounted over the file. */
    return target < 0 ? -1 : sys_move_mount(node, target, "");
}

static int attach_over(const struct launch *launch, int mount, const char *path) {
    SCOPED int target = sys_openat2(launch->root, path, O_PATH | O_CLOEXEC, MOUNT_TARGET);
    return target < 0 ? -1 : sys_move_mount(mount, target, "");
}

/* A masked file reads as /dev/null, a masked directory as an empty one. What the kernel does not have needs no mask. */
static int mask(const struct launch *launch, const char *path) {
    struct stat about;
    if (fstatat(launch->root, path, &about, AT_SYMLINK_NOFOLLOW) != 0) return errno == ENOENT ? 0 : -1;
    struct mount_attr locked = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC};
    if (!S_ISDIR(about.st_mode)) {
        SCOPED int null = host_device("null", makedev(1, 3));
        if (null < 0 || sys_mount_setattr(null, &locked) != 0) return -1;
        return attach_over(launch, null, path);
    }
    SCOPED int context = sys_fsopen("tmpfs");
    if (context < 0 || sys_fsconfig(context, FSCONFIG_SET_STRING, "nr_inodes", "1", 0) != 0 ||
        sys_fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0)
        return -1;
    SCOPED int empty = sys_fsmount(context, (unsigned)locked.attr_set | MOUNT_ATTR_NODEV);
    return empty < 0 ? -1 : attach_over(launch, empty, path);
}

static int read_only(const struct launch *launch, const char *path) {
    SCOPED int there = sys_openat2(launch->root, path, O_PATH | O_CLOEXEC, MOUNT_TARGET);
    if (there < 0) return errno == ENOENT ? 0 : -1;
    SCOPED int tree = sys_open_tree(there, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
    if (tree < 0 || sys_mount_setattr(tree, &attributes) != 0) return -1;
    return sys_move_mount(tree, there, "");
}

static int pivot(const struct launch *launch) {
    char where[PATH_MAX];
    if (fchdir(launch->root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0) return -1;
    if (syscall(SYS_umount2, ".", MNT_DETACH) != 0 || chdir("/") != 0) return -1;
    /* A directory outside the root reads as "(unreachable)/...". */
    if (syscall(SYS_getcwd, where, sizeof where) < 0) return -1;
    if (where[0] == '/') return 0;
    errno = EXDEV;
    return -1;
}

static int change_root(const struct launch *launch) {
    if (fchdir(launch->root) != 0 || chroot(".") != 0) return -1;
    return chdir("/");
}

static int limit(unsigned resource, struct rlimit wanted) {
    struct rlimit have;
    if (syscall(SYS_prlimit64, 0, resource, NULL, &have) != 0) return -1;
    /* Raising needs CAP_SYS_RESOURCE on the host, which many do not give: then the host's own, lower bound stays. */
    if (wanted.rlim_max > have.rlim_max) wanted.rlim_max = have.rlim_max;
    if (wanted.rlim_cur > wanted.rlim_max) wanted.rlim_cur = wanted.rlim_max;
    return (int)syscall(SYS_prlimit64, 0, resource, &wanted, NULL);
}

/* As pid 1 of the sandbox has them, whose number means nobody else in here. */
static int limits_of_init(void) {
    for (unsigned resource = 0; resource < RLIM_NLIMITS; resource++) {
        struct rlimit wanted;
        if (syscall(SYS_prlimit64, 1, resource, NULL, &wanted) != 0 || limit(resource, wanted) != 0) return -1;
    }
    return 0;
}

/* No magic link: a descriptor that is still open here would lead out of the root. */
static int enter_workdir(const char *path) {
    SCOPED int directory = sys_openat2(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC, RESOLVE_NO_MAGICLINKS);
    return directory < 0 ? -1 : fchdir(directory);
}

static int bound_capabilities(uint64_t keep) {
    for (unsigned capability = 0; capability < 64; capability++) {
        if (keep & 1ull << capability) continue;
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
            if (errno == EINVAL) break; /* the kernel knows no higher one */
            return -1;
        }
    }
    return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

static int user(const struct step *step) {
    gid_t groups[64];
    unsigned count = step->count - 2u;
    if (count > sizeof groups / sizeof *groups) {
        errno = E2BIG;
        return -1;
    }
    for (unsigned i = 0; i < count; i++) groups[i] = (gid_t)plan_number(step, 2 + i);
    uid_t uid = (uid_t)plan_number(step, 0);
    gid_t gid = (gid_t)plan_number(step, 1);
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0 || setgroups(count, groups) != 0) return -1;
    if (setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0) return -1;
    return guard_self();
}

static int capabilities(uint64_t keep) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {
        {.effective = (uint32_t)keep, .permitted = (uint32_t)keep},
        {.effective = (uint32_t)(keep >> 32), .permitted = (uint32_t)(keep >> 32)},
    };
    return (int)syscall(SYS_capset, &header, data);
}

static int filter_calls(const struct field *program) {
    struct sock_fprog filter = {
        .len = (unsigned short)(program->length / sizeof(struct sock_filter)),
        .filter = (struct sock_filter *)(uintptr_t)program->bytes,
    };
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}

static int park(const struct launch *launch) {
    if (send(launch->child->sync, "P", 1, MSG_NOSIGNAL) != 1) return -1;
    return await(launch, 'G');
}

/* The sandbox's own, and checked to be it: its root may have put something else there. */
static int open_null(void) {
    int null = sys_openat2(AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC, RESOLVE_NO_SYMLINKS);
    struct stat about;
    if (null >= 0 && (fstat(null, &about) != 0 || !S_ISCHR(about.st_mode) || about.st_rdev != makedev(1, 3))) {
        close(null);
        errno = ENODEV;
        return -1;
    }
    return null;
}

/* Descriptors 0, 1, 2 as the program gets them; 3 and 4, which only pid 1 keeps, are the failure and status pipes. */
static int arrange_descriptors(struct child *kept, const struct child *child) {
    int input = child->input >= 0 ? child->input : open_null();
    int high[] = {input, child->output[0], child->output[1], child->failure, child->status};
    int count = child->status >= 0 ? 5 : 4;
    for (int i = 0; i < count; i++) {
        high[i] = fcntl(high[i], F_DUPFD, 16);
        if (high[i] < 0) return -1;
    }
    for (int i = 0; i < count; i++)
        if (dup2(high[i], i) < 0) return -1;
    kept->failure = 3;
    kept->status = count == 5 ? 4 : -1;
    for (int i = 3; i < count; i++)
        if (fcntl(i, F_SETFD, FD_CLOEXEC) != 0) return -1;
    return sys_close_range((unsigned)count, ~0u, 0);
}

/* By the leader of the session that is to have it, so that typed signals reach it and not our init. */
static void take_terminal(const struct child *child) {
    if (child->terminal && ioctl(0, TIOCSCTTY, 0) != 0) child_fail(child, OP_STREAMS, "controlling terminal");
}

static _Noreturn void run_program(const struct child *child, const struct step *step) {
    signal(SIGPIPE, SIG_DFL);
    umask(022); /* 0 was for our own directories; programs rely on not sharing what they write */
    if (plan_number(step, 0) == 0) {
        take_terminal(child);
        program_exec(step);
        child_fail(child, OP_EXEC, step->fields[2].bytes);
    }
    sigset_t all, before;
    sigfillset(&all);
    /* Blocked before the fork, so that no end of a child and no signal is missed by the reaper's first wait. */
    if (sigprocmask(SIG_BLOCK, &all, &before) != 0) child_fail(child, OP_EXEC, "signal mask");
    pid_t program = fork();
    if (program < 0) child_fail(child, OP_EXEC, "fork");
    if (program == 0) {
        /* Where the reaper is not pid 1 its end would leave the program behind. */
        if (guard_self() == 0 && sigprocmask(SIG_SETMASK, &before, NULL) == 0 && setsid() >= 0) {
            take_terminal(child);
            program_exec(step);
        }
        child_fail(child, OP_EXEC, step->fields[2].bytes);
    }
    for (int fd = 0; fd <= 4; fd++)
        if (fd != child->status) close(fd);
    reaper_run(program, child->status);
}

static int carry_out(struct launch *launch, const struct step *step) {
    switch ((enum op)step->op) {
    case OP_BECOME_ROOT: return become_root(launch);
    case OP_CONFIGURE_LINKS: return links_apply(step->fields[0].bytes, step->fields[0].length);
    case OP_MOUNTS_PRIVATE: return mounts_private();
    case OP_ROOT_ATTACH: return receive_root(launch);
    case OP_MAKE_DIRECTORY: return make_directory(launch, step);
    case OP_MOUNT: return mount_file_system(launch, step);
    case OP_DEVICE: return device(launch, step);
    case OP_SYMLINK: return symlinkat(step->fields[0].bytes, launch->root, step->fields[1].bytes);
    case OP_MASK: return mask(launch, step->fields[0].bytes);
    case OP_READ_ONLY: return read_only(launch, step->fields[0].bytes);
    case OP_PIVOT: return pivot(launch);
    case OP_CHROOT: return change_root(launch);
    case OP_AWAIT_GROUPS: return await(launch, 'J');
    case OP_CGROUP_NAMESPACE: return unshare(CLONE_NEWCGROUP);
    case OP_HOSTNAME: return sethostname(step->fields[0].bytes, step->fields[0].length);
    case OP_RLIMIT:
        return limit((unsigned)plan_number(step, 0),
                     (struct rlimit){.rlim_cur = plan_number(step, 1), .rlim_max = plan_number(step, 2)});
    case OP_RESOURCE_LIMITS_OF_INIT: return limits_of_init();
    case OP_STREAMS: return streams_open(launch->child, step);
    case OP_BOUND_CAPABILITIES: return bound_capabilities(plan_number(step, 0));
    case OP_USER: return user(step);
    case OP_WORKDIR: return enter_workdir(step->fields[0].bytes);
    case OP_CAPABILITIES: return capabilities(plan_number(step, 0));
    case OP_NO_NEW_PRIVILEGES: return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    case OP_PARK: return park(launch);
    case OP_SECCOMP: return filter_calls(&step->fields[0]);
    default: return 0; /* the supervisor's steps, and OP_EXEC, which ends the list */
    }
}

/* The field that tells a reader what the step was about. */
static const char *object_of(const struct step *step) {
    switch ((enum op)step->op) {
    case OP_MOUNT:
    case OP_SYMLINK: return step->fields[1].bytes;
    case OP_MAKE_DIRECTORY:
    case OP_DEVICE:
    case OP_MASK:
    case OP_READ_ONLY:
    case OP_HOSTNAME:
    case OP_WORKDIR: return step->fields[0].bytes;
    default: return "";
    }
}

_Noreturn void child_run(const struct plan *plan, struct child *child) {
    struct launch launch = {.child = child, .root = -1};
    umask(0);
    setsid();
    for (unsigned i = 0; i < plan->count; i++) {
        const struct step *step = &plan->steps[i];
        if (step->op == OP_EXEC) {
            struct child kept = *child;
            if (arrange_descriptors(&kept, child) != 0) child_fail(child, OP_EXEC, "descriptors");
            run_program(&kept, step);
        }
        if (carry_out(&launch, step) != 0) child_fail(child, step->op, object_of(step));
    }
    errno = ENOEXEC;
    child_fail(child, OP_EXEC, "plan without a program");
}
