#!/usr/bin/env bash
# Runs a command under another kernel, one whose control groups are version 2 only, and exits with the command's status.
#
#   e2e/cgroup2/run.sh COMMAND [ARGUMENT...]
#
# Boots the distribution's own kernel in an emulated machine. The host's file system is the read-only lower layer of the
# guest's root, so the JDK, the built classes and every tool are there, and nothing the guest writes reaches the host. /tmp
# in the guest is a real ext4, because neither 9p nor overlayfs can be id-mapped. No network. Needs root, and the packages
# qemu-system-x86 linux-image-amd64 busybox-static cpio kmod e2fsprogs.
#
#   LANDLORD_GUEST_SECONDS   the guest is ended, and the run fails, after that long (default 420; about 100 are needed)
#   LANDLORD_GUEST_MIB       memory of the guest (default 3072)
#
# Exit status: the command's own; 124 when the time ran out; 125 when the guest did not boot or did not report.
set -euo pipefail

fail() {
    echo "cgroup2 guest: $*" >&2
    exit 125
}

[ $# -gt 0 ] || fail "usage: run.sh COMMAND [ARGUMENT...]"
[ "$(id -u)" = 0 ] || fail "needs root: the guest reads the whole file system of the host"
for tool in qemu-system-x86_64 busybox cpio modprobe mke2fs; do
    command -v "$tool" > /dev/null || PATH="$PATH:/usr/sbin:/sbin" command -v "$tool" > /dev/null ||
        fail "$tool is missing; apt-get install qemu-system-x86 linux-image-amd64 busybox-static cpio kmod e2fsprogs"
done
PATH="$PATH:/usr/sbin:/sbin"

# The newest kernel that has 9p: the "cloud" flavour lacks it.
kernel=""
for candidate in $(ls -1 /lib/modules 2> /dev/null | sort -V); do
    [ -r "/boot/vmlinuz-$candidate" ] && modinfo -k "$candidate" 9p > /dev/null 2>&1 && kernel="$candidate"
done
[ -n "$kernel" ] || fail "no kernel with 9p under /boot; apt-get install linux-image-amd64"

work="$(mktemp -d /tmp/landlord-cgroup2-XXXXXX)"
trap 'rm -rf "$work"' EXIT

# The initramfs: busybox, the modules in the order they load, /init, and the command.
root="$work/initramfs"
mkdir -p "$root"/{bin,modules,proc,sys,dev,lower,upper,merged}
cp "$(command -v busybox)" "$root/bin/busybox"
for module in virtio_pci virtio_blk 9pnet_virtio 9p overlay ext4; do
    modprobe -S "$kernel" --show-depends "$module"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' > "$work/modules"
while read -r module; do
    cp "$module" "$root/modules/"
    basename "$module" >> "$root/modules/order"
done < "$work/modules"
install -m 0755 "$(dirname "$0")/guest-init.sh" "$root/init"
install -m 0755 "$(dirname "$0")/guest-main.sh" "$root/main"
{
    printf 'export PATH=%q HOME=%q LANG=%q JAVA_HOME=%q\n' "$PATH" "$HOME" "${LANG:-C.UTF-8}" "${JAVA_HOME:-}"
    printf 'cd %q && exec' "$PWD"
    printf ' %q' "$@"
    printf '\n'
} > "$root/command"
(cd "$root" && find . | cpio --quiet -o -H newc) > "$work/initrd"

truncate -s 2G "$work/disk"
mke2fs -q -t ext4 -O ^has_journal -E lazy_itable_init=1,nodiscard "$work/disk"

# The second serial port carries the status and nothing else, so that no output of the command can be taken for it.
status=0
timeout --foreground --kill-after=5 "${LANDLORD_GUEST_SECONDS:-420}" qemu-system-x86_64 \
    -accel tcg,thread=multi,tb-size=512 -cpu max -smp 2 -m "${LANDLORD_GUEST_MIB:-3072}m" -no-reboot \
    -display none -monitor none -nic none -serial stdio -serial "file:$work/status" \
    -kernel "/boot/vmlinuz-$kernel" -initrd "$work/initrd" \
    -append "console=ttyS0 quiet panic=-1 psi=1" \
    -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
    -drive "file=$work/disk,format=raw,if=virtio,cache=unsafe" < /dev/null || status=$?
[ "$status" != 124 ] && [ "$status" != 137 ] || {
    echo "cgroup2 guest: no end after ${LANDLORD_GUEST_SECONDS:-420} s" >&2
    exit 124
}
[ "$status" = 0 ] || fail "qemu exited with $status"
reported="$(tr -d '\r' < "$work/status" | sed -n 's/^exit //p')"
case "$reported" in
    '' | *[!0-9]*) fail "the guest went down without reporting a status" ;;
esac
echo "cgroup2 guest: kernel $kernel, exit status $reported"
exit "$reported"
