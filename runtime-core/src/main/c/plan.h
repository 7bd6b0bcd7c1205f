/*
 * The launch plan: what Java decided and this program obeys. Little-endian:
 *
 *   u32 magic, u16 version, u16 steps, then per step: u16 op, u16 fields, per field: u32 length, bytes, one NUL.
 *
 * Numbers are fields of eight bytes. A step whose op has PLAN_OPTIONAL set may be skipped by a program that does not
 * know it; every other unknown step refuses the whole plan.
 */
#ifndef LANDLORD_PLAN_H
#define LANDLORD_PLAN_H

#include <stddef.h>
#include <stdint.h>

#define PLAN_MAGIC 0x504e4c4cu /* "LLNP" */
#define PLAN_VERSION 1
#define PLAN_OPTIONAL 0x8000u

enum { PLAN_MAX_BYTES = 4 << 20, PLAN_MAX_STEPS = 256, PLAN_MAX_FIELDS = 2048 };

/* The numbers are shared with dev.landlord.runtime.plan.PlanEncoder. */
enum op {
    /* Carried out by the supervisor. */
    OP_SUPERVISE = 1,    /* state directory, bytes per log file, log files, log bytes per second, identity */
    OP_CLONE = 2,        /* clone flags, birth cgroup directory or "" */
    OP_MAP_IDS = 3,      /* base, size */
    OP_ROOT_OVERLAY = 4, /* image, writable bytes, writable inodes, owner of the writable layer, id-mapped 0/1 */
    OP_OUTPUT_OWNER = 5, /* host uid, host gid */
    OP_JOIN_GROUPS = 6,  /* cgroup.procs files... */
    OP_SUPERVISOR_GROUPS = 7,
    OP_OOM_SCORE = 8,   /* oom_score_adj of the child */
    OP_ATTACH_LINK = 9, /* name, rtnetlink batch, where in it the number of the child goes */
    OP_JOIN = 10,       /* namespaces of the sandbox's init, birth cgroup directory or "", milliseconds from SIGHUP to SIGKILL */
    OP_OOM_GROUP = 11, /* memory.oom_control, cgroup.event_control */
    OP_LEASE = 12,     /* the file with the deadline of this host, term of the lease that it must not outlive */
    /* Carried out by the child. */
    OP_BECOME_ROOT = 16,
    OP_CONFIGURE_LINKS = 17, /* rtnetlink batch */
    OP_MOUNTS_PRIVATE = 18,
    OP_ROOT_ATTACH = 19,
    OP_MAKE_DIRECTORY = 20, /* path, mode */
    OP_MOUNT = 21,          /* type, target, mount attributes, option name, option value, ... */
    OP_DEVICE = 22,         /* name, major, minor */
    OP_SYMLINK = 23,        /* content, path */
    OP_MASK = 24,           /* path */
    OP_READ_ONLY = 25,      /* path */
    OP_PIVOT = 26,
    OP_CHROOT = 27,
    OP_AWAIT_GROUPS = 28,
    OP_CGROUP_NAMESPACE = 29,
    OP_HOSTNAME = 30,
    OP_RLIMIT = 31, /* resource, soft, hard */
    OP_BOUND_CAPABILITIES = 32,
    OP_USER = 33, /* uid, gid, groups... */
    OP_WORKDIR = 34,
    OP_CAPABILITIES = 35,
    OP_NO_NEW_PRIVILEGES = 36,
    OP_PARK = 37,
    OP_SECCOMP = 38, /* struct sock_filter[] */
    OP_EXEC = 39,    /* reaping init 0/1, argument count, arguments..., environment... */
    OP_STREAMS = 40, /* terminal 0/1, input 0/1, rows, columns, uid, gid; their other ends go to Java when joining, else to us */
    OP_RESOURCE_LIMITS_OF_INIT = 41
};

struct field {
    const char *bytes; /* always followed by a NUL */
    uint32_t length;
};

struct step {
    uint16_t op;
    uint16_t count;
    const struct field *fields;
};

struct plan {
    uint16_t count;
    struct step steps[PLAN_MAX_STEPS];
    struct field fields[PLAN_MAX_FIELDS];
};

/* Decodes bytes into plan, which then points into them. Returns NULL, or what is wrong. */
const char *plan_decode(struct plan *plan, const unsigned char *bytes, size_t length);

/* The first step of this kind, or NULL. */
const struct step *plan_find(const struct plan *plan, enum op op);

/* The number in a field; plan_decode has checked that it is one. */
uint64_t plan_number(const struct step *step, unsigned field);

#endif
