/*
 * The floor: a bare C program that asks the kernel for what one fully isolated sandbox needs and for nothing else. No
 * plan, no supervisor, no logs, no reporting: what it takes is what nobody can save.
 *
 * usage: floor IMAGE_DIR CGROUP_NAME RUNS PROGRAM [ARG...]
 *   prints one line a run: microseconds from call to exec, and from call to everything deleted.
 *   CGROUP_NAME "-" leaves control groups out. RUNS "-" makes one run for each line on the standard input.
 *   Root only; cgroup v1 or hybrid. A run that fails half way takes its child and its control groups with it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ID_BASE 2130706432u
#define ID_COUNT 65536u
#define MAX_PATH 512

static const char *const HIERARCHIES[] = {"cpu",    "cpuacct", "cpuset", "memory", "devices",
                                          "freezer", "blkio",  "pids",   "unified"};
#define HIERARCHY_COUNT (sizeof HIERARCHIES / sizeof *HIERARCHIES)

/* What a failure half way has to take back. Zero when nothing is under way. */
static struct {
    pid_t owner;
    pid_t child;
    const char *cgroup;
} under_way;

static void take_back(void);

static void die(const char *what) {
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    exit(1); /* take_back runs at exit */
}

#define MUST(call)                                                                                                     \
    ({                                                                                                                 \
        long result_ = (long)(call);                                                                                   \
        if (result_ < 0) die(#call);                                                                                   \
        result_;                                                                                                       \
    })

static uint64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static void write_file(const char *path, const char *text) {
    int fd = (int)MUST(open(path, O_WRONLY | O_CLOEXEC));
    MUST(write(fd, text, strlen(text)));
    close(fd);
}

/* mount(2) and friends have no wrappers in older C libraries. */
static int fs_mount(const char *type, const char *const *options, unsigned attributes) {
    int context = (int)MUST(syscall(SYS_fsopen, type, FSOPEN_CLOEXEC));
    for (; *options; options += 2) MUST(syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, options[0], options[1], 0));
    MUST(syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0));
    int fd = (int)MUST(syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes));
    close(context);
    return fd;
}

static void attach(int mount_fd, int dir, const char *target) {
    MUST(syscall(SYS_move_mount, mount_fd, "", dir, target, MOVE_MOUNT_F_EMPTY_PATH));
}

static void cgroup_path(char *out, size_t hierarchy, const char *name, const char *file) {
    snprintf(out, MAX_PATH, "/sys/fs/cgroup/%s/%s/%s", HIERARCHIES[hierarchy], name, file);
}

static void cgroup_write(size_t hierarchy, const char *name, const char *file, const char *text) {
    char path[MAX_PATH];
    cgroup_path(path, hierarchy, name, file);
    write_file(path, text);
}

/* Only calls that a signal handler may make: snprintf to the stack, kill, waitpid, rmdir, nanosleep. */
static void take_back(void) {
    if (under_way.owner != getpid()) return; /* the child leaves by exit, too */
    if (under_way.child > 0) {
        kill(under_way.child, SIGKILL);
        while (waitpid(under_way.child, NULL, 0) < 0 && errno == EINTR) {}
        under_way.child = 0;
    }
    if (!under_way.cgroup) return;
    const struct timespec pause = {.tv_nsec = 2000000};
    for (size_t i = 0; i < HIERARCHY_COUNT; i++) {
        char path[MAX_PATH];
        cgroup_path(path, i, under_way.cgroup, "");
        for (int tries = 0; tries < 200 && rmdir(path) != 0 && errno == EBUSY; tries++) nanosleep(&pause, NULL);
    }
    under_way.cgroup = NULL;
}

static void take_back_on_signal(int number) {
    take_back();
    _exit(128 + number);
}

/* A new cpuset is empty, and an empty one takes no process. */
static void cpuset_inherit(const char *name, const char *file) {
    char path[MAX_PATH], text[256];
    snprintf(path, sizeof path, "/sys/fs/cgroup/cpuset/%s", file);
    int fd = (int)MUST(open(path, O_RDONLY | O_CLOEXEC));
    ssize_t length = MUST(read(fd, text, sizeof text - 1));
    text[length] = 0;
    close(fd);
    cgroup_write(2, name, file, text);
}

static void cgroups_make(const char *name) {
    char path[MAX_PATH];
    under_way.cgroup = name;
    for (size_t i = 0; i < HIERARCHY_COUNT; i++) {
        cgroup_path(path, i, name, "");
        MUST(mkdir(path, 0755));
    }
    cgroup_write(0, name, "cpu.cfs_quota_us", "50000");
    cgroup_write(0, name, "cpu.shares", "1024");
    cpuset_inherit(name, "cpuset.cpus");
    cpuset_inherit(name, "cpuset.mems");
    cgroup_write(3, name, "memory.limit_in_bytes", "67108864");
    cgroup_write(3, name, "memory.memsw.limit_in_bytes", "67108864");
    cgroup_write(4, name, "devices.deny", "a");
    static const char *const ALLOWED[] = {"c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm",
                                          "c 1:9 rwm", "c 5:0 rwm", "c 5:2 rwm", "c 136:* rwm"};
    for (size_t i = 0; i < sizeof ALLOWED / sizeof *ALLOWED; i++) cgroup_write(4, name, "devices.allow", ALLOWED[i]);
    cgroup_write(7, name, "pids.max", "64");
}

static void cgroups_join(const char *name, pid_t pid) {
    char text[16];
    snprintf(text, sizeof text, "%d", pid);
    for (size_t i = 0; i < HIERARCHY_COUNT; i++) cgroup_write(i, name, "cgroup.procs", text);
}

static void cgroups_remove(const char *name) {
    char path[MAX_PATH];
    for (size_t i = 0; i < HIERARCHY_COUNT; i++) {
        cgroup_path(path, i, name, "");
        MUST(rmdir(path));
    }
    under_way.cgroup = NULL;
}

static void map_ids(pid_t pid) {
    char path[64], map[64];
    snprintf(map, sizeof map, "0 %u %u", ID_BASE, ID_COUNT);
    snprintf(path, sizeof path, "/proc/%d/gid_map", pid);
    write_file(path, map);
    snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
    write_file(path, map);
}

/* The image through an id-mapped mount, a bounded tmpfs above it, overlaid; detached until the child attaches it. */
static int overlay_make(const char *image, pid_t child) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/user", child);
    int user_ns = (int)MUST(open(path, O_RDONLY | O_CLOEXEC));
    int lower = (int)MUST(syscall(SYS_open_tree, AT_FDCWD, image, OPEN_TREE_CLONE | O_CLOEXEC));
    struct mount_attr map = {.attr_set = MOUNT_ATTR_IDMAP | MOUNT_ATTR_RDONLY, .userns_fd = (uint64_t)user_ns};
    MUST(syscall(SYS_mount_setattr, lower, "", AT_EMPTY_PATH, &map, sizeof map));
    const char *const bounds[] = {"size", "8388608", "nr_inodes", "1024", "mode", "0755", NULL};
    int tmpfs = fs_mount("tmpfs", bounds, MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID);
    const char *const names[] = {"upper", "work"};
    int layers[2];
    for (int i = 0; i < 2; i++) {
        MUST(mkdirat(tmpfs, names[i], 0755));
        MUST(fchownat(tmpfs, names[i], ID_BASE, ID_BASE, 0));
        layers[i] = (int)MUST(openat(tmpfs, names[i], O_PATH | O_DIRECTORY | O_CLOEXEC));
    }
    char lower_path[32], upper_path[32], work_path[32];
    snprintf(lower_path, sizeof lower_path, "/proc/self/fd/%d", lower);
    snprintf(upper_path, sizeof upper_path, "/proc/self/fd/%d", layers[0]);
    snprintf(work_path, sizeof work_path, "/proc/self/fd/%d", layers[1]);
    const char *const options[] = {"lowerdir", lower_path, "upperdir", upper_path, "workdir", work_path, NULL};
    int overlay = fs_mount("overlay", options, MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID);
    int rest[] = {user_ns, lower, tmpfs, layers[0], layers[1]};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) close(rest[i]);
    return overlay;
}

static void send_fd(int socket_fd, int fd) {
    char byte = 'F', control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec io = {&byte, 1};
    struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    MUST(sendmsg(socket_fd, &message, 0));
}

static int receive_fd(int socket_fd) {
    char byte, control[CMSG_SPACE(sizeof(int))];
    struct iovec io = {&byte, 1};
    struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    MUST(recvmsg(socket_fd, &message, MSG_CMSG_CLOEXEC));
    int fd;
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    return fd;
}

static void loopback_up(void) {
    int fd = (int)MUST(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    struct ifreq request = {.ifr_flags = IFF_UP};
    strcpy(request.ifr_name, "lo");
    MUST(ioctl(fd, SIOCSIFFLAGS, &request));
    close(fd);
}

static int at_root(int root, const char *path, int flags) {
    return (int)MUST(openat(root, path, flags | O_CLOEXEC));
}

static void devices_make(int root) {
    static const char *const NODES[] = {"null", "zero", "full", "random", "urandom", "tty"};
    const char *const options[] = {"size", "65536", "mode", "755", NULL};
    attach(fs_mount("tmpfs", options, MOUNT_ATTR_NOSUID), root, "dev");
    int dev = at_root(root, "dev", O_RDONLY | O_DIRECTORY);
    for (size_t i = 0; i < sizeof NODES / sizeof *NODES; i++) {
        char host[32];
        snprintf(host, sizeof host, "/dev/%s", NODES[i]);
        int node = (int)MUST(syscall(SYS_open_tree, AT_FDCWD, host, OPEN_TREE_CLONE | O_CLOEXEC));
        struct mount_attr attributes = {.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC};
        MUST(syscall(SYS_mount_setattr, node, "", AT_EMPTY_PATH, &attributes, sizeof attributes));
        close((int)MUST(openat(dev, NODES[i], O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666)));
        attach(node, dev, NODES[i]);
        close(node);
    }
    static const char *const DIRS[] = {"pts", "shm", "mqueue"};
    for (size_t i = 0; i < 3; i++) MUST(mkdirat(dev, DIRS[i], 0755));
    const char *const pts[] = {"ptmxmode", "0666", "mode", "0620", "gid", "5", NULL};
    const char *const shm[] = {"size", "1048576", "mode", "1777", NULL};
    const char *const none[] = {NULL};
    unsigned quiet = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
    attach(fs_mount("devpts", pts, quiet), dev, "pts");
    attach(fs_mount("tmpfs", shm, quiet | MOUNT_ATTR_NODEV), dev, "shm");
    attach(fs_mount("mqueue", none, quiet | MOUNT_ATTR_NODEV), dev, "mqueue");
    MUST(symlinkat("pts/ptmx", dev, "ptmx"));
    close(dev);
}

static void mask(int root) {
    static const char *const FILES[] = {"proc/kcore", "proc/keys", "proc/timer_list", "proc/interrupts"};
    static const char *const READ_ONLY[] = {"proc/bus", "proc/fs", "proc/irq", "proc/sys", "proc/sysrq-trigger"};
    struct mount_attr locked = {.attr_set = MOUNT_ATTR_RDONLY};
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        if (faccessat(root, FILES[i], F_OK, 0) != 0) continue;
        int null = (int)MUST(syscall(SYS_open_tree, AT_FDCWD, "/dev/null", OPEN_TREE_CLONE | O_CLOEXEC));
        attach(null, root, FILES[i]);
        close(null);
    }
    for (size_t i = 0; i < sizeof READ_ONLY / sizeof *READ_ONLY; i++) {
        if (faccessat(root, READ_ONLY[i], F_OK, 0) != 0) continue;
        int tree = (int)MUST(syscall(SYS_open_tree, root, READ_ONLY[i], OPEN_TREE_CLONE | O_CLOEXEC));
        MUST(syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &locked, sizeof locked));
        attach(tree, root, READ_ONLY[i]);
        close(tree);
    }
}

static void mounts_make(int overlay) {
    struct mount_attr private_tree = {.propagation = 1u << 18 /* MS_PRIVATE */};
    MUST(syscall(SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &private_tree, sizeof private_tree));
    attach(overlay, AT_FDCWD, "/");
    unsigned quiet = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV;
    const char *const none[] = {NULL};
    const char *const tmp[] = {"size", "1048576", "mode", "1777", NULL};
    attach(fs_mount("proc", none, quiet), overlay, "proc");
    attach(fs_mount("sysfs", none, quiet | MOUNT_ATTR_RDONLY), overlay, "sys");
    devices_make(overlay);
    attach(fs_mount("tmpfs", tmp, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV), overlay, "tmp");
    mask(overlay);
    MUST(fchdir(overlay));
    MUST(syscall(SYS_pivot_root, ".", "."));
    MUST(syscall(SYS_umount2, ".", 2 /* MNT_DETACH */));
    MUST(chdir("/"));
}

static void privileges_drop(void) {
    for (int cap = 0; cap <= CAP_LAST_CAP; cap++)
        if (cap != CAP_CHOWN && cap != CAP_SETUID && cap != CAP_SETGID && cap != CAP_KILL)
            prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
    MUST(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
    uint32_t keep = 1u << CAP_CHOWN | 1u << CAP_SETUID | 1u << CAP_SETGID | 1u << CAP_KILL;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{.effective = keep, .permitted = keep}};
    MUST(syscall(SYS_capset, &header, data));
    MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    /* A filter of the size of a range tree over the system call table. */
    struct sock_filter filter[120];
    for (int i = 0; i < 119; i++) filter[i] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0);
    filter[119] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = 120, .filter = filter};
    MUST(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}

static void child_run(int channel, int grouped, char **argv) {
    char byte;
    MUST(read(channel, &byte, 1)); /* the id maps are there */
    MUST(syscall(SYS_setgroups, 0, NULL));
    MUST(setresgid(0, 0, 0));
    MUST(setresuid(0, 0, 0));
    MUST(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
    MUST(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0));
    MUST(setsid());
    loopback_up();
    mounts_make(receive_fd(channel));
    MUST(read(channel, &byte, 1)); /* the control groups are joined: only now does a cgroup namespace show "/" */
    if (grouped) MUST(unshare(CLONE_NEWCGROUP));
    MUST(sethostname("floor", 5));
    privileges_drop();
    MUST(syscall(SYS_close_range, 3, ~0u, CLOSE_RANGE_CLOEXEC));
    execv(argv[0], argv);
    die(argv[0]);
}

static void one_run(const char *image, const char *cgroup, char **argv) {
    int grouped = strcmp(cgroup, "-") != 0, channel[2], executed[2];
    uint64_t begin = now_us();
    MUST(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel));
    MUST(pipe2(executed, O_CLOEXEC));
    int pid_fd = -1;
    struct clone_args args = {.flags = CLONE_PIDFD | CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS |
                                       CLONE_NEWIPC | CLONE_NEWNET,
                              .pidfd = (uint64_t)(uintptr_t)&pid_fd,
                              .exit_signal = SIGCHLD};
    if (grouped) cgroups_make(cgroup);
    pid_t child = (pid_t)MUST(syscall(SYS_clone3, &args, sizeof args));
    if (child == 0) {
        close(channel[0]);
        child_run(channel[1], grouped, argv);
    }
    under_way.child = child;
    close(channel[1]);
    close(executed[1]);
    map_ids(child);
    MUST(write(channel[0], "M", 1));
    int overlay = overlay_make(image, child);
    send_fd(channel[0], overlay);
    close(overlay);
    if (grouped) cgroups_join(cgroup, child);
    MUST(write(channel[0], "G", 1));
    char byte;
    MUST(read(executed[0], &byte, 1)); /* end of file: the close-on-exec copy in the child is gone */
    uint64_t running = now_us();
    int status;
    MUST(waitpid(child, &status, 0));
    under_way.child = 0;
    if (status != 0) fprintf(stderr, "floor: the program ended with status %d\n", status), exit(1);
    if (grouped) cgroups_remove(cgroup);
    uint64_t end = now_us();
    printf("%llu %llu\n", (unsigned long long)(running - begin), (unsigned long long)(end - begin));
    fflush(stdout);
    close(channel[0]);
    close(executed[0]);
    close(pid_fd);
}

int main(int argc, char **argv) {
    if (argc < 5) {
        fprintf(stderr, "usage: floor IMAGE_DIR CGROUP_NAME|- RUNS|- PROGRAM [ARG...]\n");
        return 2;
    }
    under_way.owner = getpid();
    atexit(take_back);
    static const int ENDINGS[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++) signal(ENDINGS[i], take_back_on_signal);
    if (strcmp(argv[3], "-") == 0) {
        char line[16];
        while (fgets(line, sizeof line, stdin)) one_run(argv[1], argv[2], argv + 4);
        return 0;
    }
    long runs = strtol(argv[3], NULL, 10);
    for (long i = 0; i < runs; i++) one_run(argv[1], argv[2], argv + 4);
    return 0;
}
