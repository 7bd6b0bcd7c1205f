#define _GNU_SOURCE
#include "confine.h"
#include "kernel.h"

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

#if defined(__x86_64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the supervisor's filter does not know this architecture"
#endif

/* Without capabilities it is still the host's root, whose files it may open: so it must not see them. */
int confine_to_directory(int directory) {
    if (fchdir(directory) != 0) return -1;
    return chroot(".");
}

int confine_to_signals(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{.effective = 1u << CAP_KILL, .permitted = 1u << CAP_KILL}};
    if (syscall(SYS_capset, &header, data) != 0) return -1;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static const unsigned allowed[] = {
#ifdef SYS_poll
    SYS_poll,
#endif
    SYS_ppoll,
    SYS_read,
    SYS_write,
    SYS_clock_gettime, /* where the kernel's page for it does not know the clock */
    SYS_restart_syscall, /* of a poll that a stop and a continue have interrupted */
    /* the end of a sandbox that is out of memory; of pidfds there is that of its pid 1 alone, and no way to another one */
    SYS_pread64,
    SYS_pidfd_send_signal,
    SYS_timerfd_settime, /* the end of a lease */
    /* the files of the output */
    SYS_openat,
    SYS_close,
    SYS_unlinkat,
    /* the end */
    SYS_wait4,
    SYS_pwrite64,
    SYS_sendto,
    SYS_recvfrom,
    SYS_fsync,
#ifdef SYS_renameat
    SYS_renameat,
#endif
    SYS_renameat2,
    SYS_exit_group,
};

enum { ALLOWED = sizeof allowed / sizeof *allowed, HEAD = 4, LENGTH = HEAD + ALLOWED + 2 };

/*
 * A refusal and not death: a call that was forgotten here must not end a tenant's program. The kernel's log has it (the
 * flag says so), and what took over the supervisor gets no further by it.
 */
int confine_to_watching(void) {
    struct sock_filter program[LENGTH] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    for (unsigned i = 0; i < ALLOWED; i++)
        program[HEAD + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, allowed[i], (unsigned char)(ALLOWED - i), 0);
    program[HEAD + ALLOWED] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    program[HEAD + ALLOWED + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog filter = {.len = LENGTH, .filter = program};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, &filter);
}
