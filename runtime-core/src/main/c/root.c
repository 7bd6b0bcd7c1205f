#define _GNU_SOURCE
#include "root.h"
#include "kernel.h"

#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>

/* The image as a detached, read-only clone; id-mapped, so that root's files in it belong to the sandbox's root. */
static int open_image(pid_t pid, const struct step *step) {
    int image = sys_open_tree(AT_FDCWD, step->fields[0].bytes, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
    SCOPED int users = -1;
    if (plan_number(step, 4)) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/ns/user", pid);
        users = open(path, O_RDONLY | O_CLOEXEC);
        attributes.attr_set |= MOUNT_ATTR_IDMAP;
        attributes.userns_fd = (unsigned)users;
    }
    if (image >= 0 && sys_mount_setattr(image, &attributes) == 0) return image;
    close_quietly(&image);
    return -1;
}

static int open_scratch(const struct step *step) {
    char number[24];
    SCOPED int context = sys_fsopen("tmpfs");
    if (context < 0) return -1;
    snprintf(number, sizeof number, "%llu", (unsigned long long)plan_number(step, 1));
    if (sys_fsconfig(context, FSCONFIG_SET_STRING, "size", number, 0) != 0) return -1;
    snprintf(number, sizeof number, "%llu", (unsigned long long)plan_number(step, 2));
    if (sys_fsconfig(context, FSCONFIG_SET_STRING, "nr_inodes", number, 0) != 0) return -1;
    if (sys_fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0) return -1;
    return sys_fsmount(context, MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID);
}

static int open_layer(int scratch, const char *name, uid_t owner) {
    if (mkdirat(scratch, name, 0755) != 0 || fchownat(scratch, name, owner, owner, 0) != 0) return -1;
    return openat(scratch, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static int set_layer(int context, const char *key, int layer) {
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", layer);
    return sys_fsconfig(context, FSCONFIG_SET_STRING, key, path, 0);
}

/*
 * Kernels before 6.15 take layers only from mounts that are attached in the caller's mount namespace. So the supervisor
 * gets one of its own, which still follows what the host unmounts, and attaches the layers over its state directory there.
 */
static int enter_own_mounts(void) {
    struct mount_attr attributes = {.propagation = MS_SLAVE};
    if (unshare(CLONE_NEWNS) != 0) return -1;
    return (int)syscall(SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &attributes, sizeof attributes);
}

static int attach_layers(int image, int scratch, const char *over) {
    if (sys_move_mount(scratch, AT_FDCWD, over) != 0 || mkdirat(scratch, "image", 0755) != 0) return -1;
    return sys_move_mount(image, scratch, "image");
}

/* Made here and not by the child: the layers are mounts of our side, which the child's namespace cannot use. */
static int make_overlay(pid_t pid, const struct step *step, const char *attach_over) {
    uid_t owner = (uid_t)plan_number(step, 3);
    SCOPED int image = open_image(pid, step);
    SCOPED int scratch = image < 0 ? -1 : open_scratch(step);
    if (scratch < 0 || (attach_over && attach_layers(image, scratch, attach_over) != 0)) return -1;
    SCOPED int upper = open_layer(scratch, "upper", owner);
    SCOPED int work = upper < 0 ? -1 : open_layer(scratch, "work", owner);
    SCOPED int context = work < 0 ? -1 : sys_fsopen("overlay");
    if (context < 0) return -1;
    if (set_layer(context, "lowerdir", image) != 0 || set_layer(context, "upperdir", upper) != 0 ||
        set_layer(context, "workdir", work) != 0 ||
        sys_fsconfig(context, FSCONFIG_SET_STRING, "source", "landlord", 0) != 0 ||
        sys_fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0)
        return -1;
    /* NODEV is not optional: the superblock belongs to the host's user namespace, and so would a device node in it. */
    return sys_fsmount(context, MOUNT_ATTR_NODEV);
}

int root_open(pid_t pid, const struct step *step, const char *state) {
    int root = make_overlay(pid, step, NULL);
    if (root >= 0 || errno != EINVAL) return root;
    return enter_own_mounts() != 0 ? -1 : make_overlay(pid, step, state);
}
