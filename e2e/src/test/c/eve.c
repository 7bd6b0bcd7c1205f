/*
 * Eve, once she is inside: tries what has led out of containers before, one line each: "NAME refused" or "NAME done", and the
 * reason on the standard error. Everything that she is allowed to do she does to herself alone, so that the program is safe
 * to run where nothing holds it. Exit code 0 if all was refused.
 *
 * Some tries hand over what no kernel would take, so that nothing happens even where nobody refuses them. There only an
 * answer that says no counts as refused: any other failure means that the door was open.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Namespaces and mounts. */
static long unshare_user(void) { return unshare(CLONE_NEWUSER); }
static long unshare_mount(void) { return unshare(CLONE_NEWNS); }
static long unshare_net(void) { return unshare(CLONE_NEWNET); }
static long clone3_user(void) {
    struct clone_args args = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0) _exit(0);
    if (pid > 0) waitpid((pid_t)pid, NULL, 0);
    return pid;
}
static long clone_user(void) {
    long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) _exit(0);
    if (pid > 0) waitpid((pid_t)pid, NULL, 0);
    return pid;
}
static long setns_of_init(void) {
    int fd = open("/proc/1/ns/mnt", O_RDONLY | O_CLOEXEC);
    return fd < 0 ? fd : setns(fd, CLONE_NEWNS);
}
static long mount_tmpfs(void) { return mount("eve", "/tmp", "tmpfs", 0, NULL); }
static long mount_proc(void) { return mount("eve", "/tmp", "proc", 0, NULL); }
static long remount_sys_writable(void) { return mount(NULL, "/sys", NULL, MS_REMOUNT | MS_BIND, NULL); }
static long unmount_proc(void) { return umount2("/proc", MNT_DETACH); }
static long fsopen_tmpfs(void) { return syscall(SYS_fsopen, "tmpfs", 0); }
static long open_tree_root(void) { return syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */); }
static long move_mount_root(void) { return syscall(SYS_move_mount, AT_FDCWD, "/proc", AT_FDCWD, "/tmp", 0); }
static long pivot_root_self(void) { return syscall(SYS_pivot_root, "/", "/"); }

/* The kernel itself. */
static long load_module(void) { return syscall(SYS_init_module, "", 0, ""); }
static long load_module_file(void) { return syscall(SYS_finit_module, 0, "", 0); }
static long load_kernel(void) { return syscall(SYS_kexec_load, 0, 0, NULL, 0); }
static long reboot_off_switch(void) { return reboot(RB_DISABLE_CAD); }
static long bpf_map(void) {
    union bpf_attr attr = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
    return syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof attr);
}
static long perf_open(void) {
    struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attr, .exclude_kernel = 1};
    return syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}
static long io_uring(void) {
    char parameters[120] = {0};
    return syscall(SYS_io_uring_setup, 1, parameters);
}
static long user_fault(void) { return syscall(SYS_userfaultfd, O_CLOEXEC); }
static long add_key_session(void) { return syscall(SYS_add_key, "user", "eve", "x", 1, -3); }
static long keyctl_session(void) { return syscall(SYS_keyctl, 0, -3, 1); }
static long swap_on(void) { return syscall(SYS_swapon, "/tmp/none", 0); }
static long process_accounting(void) { return syscall(SYS_acct, NULL); }
static long set_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return clock_settime(CLOCK_REALTIME, &now);
}
static long io_privilege(void) { return syscall(SYS_iopl, 3); }
static long port_permission(void) { return syscall(SYS_ioperm, 0x80, 1, 1); }
static long read_kernel_log(void) {
    char text[16];
    return syscall(SYS_syslog, 3, text, sizeof text);
}
static long sysrq(void) { return open("/proc/sysrq-trigger", O_WRONLY); }
static long core_pattern(void) { return open("/proc/sys/kernel/core_pattern", O_WRONLY); }
static long kernel_memory(void) {
    int fd = open("/proc/kcore", O_RDONLY);
    char byte;
    return fd < 0 ? fd : read(fd, &byte, 1) == 1 ? 0 : (errno = errno ? errno : ENODATA, -1);
}
static long release_agent(void) { return open("/sys/fs/cgroup/memory/release_agent", O_WRONLY); }
static long uevent_helper(void) { return open("/sys/kernel/uevent_helper", O_WRONLY); }

/* Files and devices of the host. */
static long by_handle(void) {
    struct { struct file_handle handle; char bytes[8]; } file = {{.handle_bytes = 8, .handle_type = 1}, {2}};
    return syscall(SYS_open_by_handle_at, AT_FDCWD, &file, O_RDONLY);
}
static long make_disk(void) { return mknod("/tmp/disk", S_IFBLK | 0600, makedev(254, 0)); }
static long make_memory(void) { return mknod("/tmp/memory", S_IFCHR | 0600, makedev(1, 1)); }
static long become_host_root(void) { return setresuid(70000, 70000, 70000); }
static long climb_out(void) {
    if (chdir("/") != 0 || chroot("/tmp") != 0) return -1;
    for (int i = 0; i < 64; i++)
        if (chdir("..") != 0) return -1;
    /* Whoever is at the top of the image still finds herself. */
    struct stat seen;
    return stat("bin/eve", &seen) == 0 ? (errno = EPERM, -1) : 0;
}
static long hold_terminal(void) {
    for (int fd = 0; fd < 3; fd++)
        if (isatty(fd)) return 0;
    return open("/dev/tty", O_RDWR | O_CLOEXEC);
}

/* Sockets to parts of the kernel that no shop needs. */
static long socket_of(int family, int type, int protocol) { return socket(family, type, protocol); }
static long crypto_socket(void) { return socket_of(AF_ALG, SOCK_SEQPACKET, 0); }
static long vsock_socket(void) { return socket_of(AF_VSOCK, SOCK_STREAM, 0); }
static long key_socket(void) { return socket_of(AF_KEY, SOCK_RAW, 2); }
static long rxrpc_socket(void) { return socket_of(AF_RXRPC, SOCK_DGRAM, 0); }
static long xfrm_socket(void) { return socket_of(AF_NETLINK, SOCK_RAW, NETLINK_XFRM); }
static long packet_socket(void) { return socket_of(AF_PACKET, SOCK_RAW, 0); }

/* Other tables of system calls. Both ask for the process id; only the answer says whether the door is open. */
static long x32_table(void) { return syscall(0x40000000 | SYS_getpid); }
static long int80_table(void) {
#ifdef __x86_64__
    long result = 20; /* getpid of the 32-bit table */
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    if (result < 0) {
        errno = (int)-result;
        return -1;
    }
    return result;
#else
    errno = ENOSYS;
    return -1;
#endif
}

#define TRY(name) {#name, name, false}
#define DOOR(name) {#name, name, true}
static const struct {
    const char *name;
    long (*run)(void);
    bool only_no_counts;
} TRIES[] = {
    TRY(unshare_user), TRY(unshare_mount), TRY(unshare_net), TRY(clone3_user), TRY(clone_user), TRY(setns_of_init),
    TRY(mount_tmpfs), TRY(mount_proc), TRY(remount_sys_writable), TRY(unmount_proc), TRY(fsopen_tmpfs),
    TRY(open_tree_root), TRY(move_mount_root), TRY(pivot_root_self), DOOR(load_module), DOOR(load_module_file),
    TRY(load_kernel), TRY(reboot_off_switch), TRY(bpf_map), TRY(perf_open), TRY(io_uring), TRY(user_fault),
    TRY(add_key_session), TRY(keyctl_session), DOOR(swap_on), TRY(process_accounting), TRY(set_clock),
    TRY(io_privilege), TRY(port_permission), TRY(read_kernel_log), TRY(sysrq), TRY(core_pattern), TRY(kernel_memory),
    TRY(release_agent), TRY(uevent_helper), DOOR(by_handle), TRY(make_disk), TRY(make_memory), TRY(become_host_root),
    TRY(climb_out), TRY(hold_terminal), TRY(crypto_socket), TRY(vsock_socket), TRY(key_socket),
    TRY(rxrpc_socket), TRY(xfrm_socket), TRY(packet_socket), TRY(x32_table), TRY(int80_table),
};

/* Each try in a child of its own: a filter may kill for it, and what one does must not help the next. */
static int try_one(size_t number) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        errno = 0;
        long result = TRIES[number].run();
        int reason = result < 0 ? errno : 0;
        bool no = reason == EPERM || reason == EACCES || reason == ENOSYS;
        bool refused = TRIES[number].only_no_counts ? no : result < 0;
        printf("%s %s\n", TRIES[number].name, refused ? "refused" : "done");
        if (result < 0) fprintf(stderr, "%s: %s\n", TRIES[number].name, strerror(reason));
        fflush(stdout);
        _exit(refused ? 0 : 1);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) < 0) return perror(TRIES[number].name), 1;
    if (WIFSIGNALED(status)) printf("%s refused\n", TRIES[number].name);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

int main(void) {
    int done = 0;
    for (size_t i = 0; i < sizeof TRIES / sizeof *TRIES; i++) done += try_one(i);
    printf("%zu tries, %d done\n", sizeof TRIES / sizeof *TRIES, done);
    return done ? 1 : 0;
}
