#!/usr/bin/env bash
# Runs a command under another kernel, one whose control groups are version 2 only, and exits with the command's status.
#
#   e2e/cgroup2/run.sh [--service COMMANDLINE] COMMAND [ARGUMENT...]
#
# With --service, and when the command has ended well, systemd becomes the guest's init and runs that line as a service.
#
# Boots the distribution's own kernel in an emulated machine. The host's file system is the read-only lower layer of the
# guest's root, so the JDK, the built classes and every tool are there, and nothing the guest writes reaches the host.
# TMPDIR in the guest is a real ext4, because neither 9p nor overlayfs can be id-mapped. 256 MiB for
# swap on /dev/vdb, which is off until a test wants it. No network. Needs root, and the packages qemu-system-x86
# linux-image-amd64 busybox-static cpio kmod e2fsprogs util-linux.
#
#   LANDLORD_GUEST_SECONDS   the guest is ended, and the run fails, after that long (default 3600; a quiet machine needs
#                            less than 600)
#   LANDLORD_GUEST_MIB       memory of the guest (default 3072)
#
# Exit status: the command's own; 124 when the time ran out; 125 when the guest did not boot or did not report.
set -euo pipefail

fail() {
    echo "cgroup2 guest: $*" >&2
    exit 125
}

service=
if [ "${1:-}" = --service ] && [ $# -gt 1 ]; then
    service=$2
    shift 2
fi
[ $# -gt 0 ] || fail "usage: run.sh [--service COMMANDLINE] COMMAND [ARGUMENT...]"
[ "$(id -u)" = 0 ] || fail "needs root: the guest reads the whole file system of the host"
for tool in qemu-system-x86_64 busybox cpio modprobe mke2fs mkswap; do
    command -v "$tool" > /dev/null || PATH="$PATH:/usr/sbin:/sbin" command -v "$tool" > /dev/null ||
        fail "$tool is missing; apt-get install qemu-system-x86 linux-image-amd64 busybox-static cpio kmod e2fsprogs util-linux"
done
[ -z "$service" ] || [ -x /lib/systemd/systemd ] || fail "/lib/systemd/systemd is missing; apt-get install systemd"
PATH="$PATH:/usr/sbin:/sbin"

# The newest kernel that has 9p: the "cloud" flavour lacks it.
kernel=""
for candidate in $(ls -1 /lib/modules 2> /dev/null | sort -V); do
    [ -r "/boot/vmlinuz-$candidate" ] && modinfo -k "$candidate" 9p > /dev/null 2>&1 && kernel="$candidate"
done
[ -n "$kernel" ] || fail "no kernel with 9p under /boot; apt-get install linux-image-amd64"

seconds="${LANDLORD_GUEST_SECONDS:-3600}"
work="$(mktemp -d /tmp/landlord-cgroup2-XXXXXX)"
machine=
cleanup() {
    [ -z "$machine" ] || { kill "$machine" 2> /dev/null && wait "$machine"; } || true
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# The initramfs: busybox, the modules in the order they load, /init, and the command.
root="$work/initramfs"
mkdir -p "$root"/{bin,modules,proc,sys,dev,lower,upper,merged}
cp "$(command -v busybox)" "$root/bin/busybox"
for module in virtio_pci virtio_blk 9pnet_virtio 9p overlay ext4 loop bfq; do
    modprobe -S "$kernel" --show-depends "$module"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' > "$work/modules"
while read -r module; do
    cp "$module" "$root/modules/"
    basename "$module" >> "$root/modules/order"
done < "$work/modules"
install -m 0755 "$(dirname "$0")/guest-init.sh" "$root/init"
install -m 0755 "$(dirname "$0")/guest-main.sh" "$root/main"
install -m 0644 "$(dirname "$0")/guest-finish.sh" "$root/finish"
surroundings() {
    printf 'export PATH=%q HOME=%q LANG=%q JAVA_HOME=%q TMPDIR=/run/scratch\n' \
        "$PATH" "$HOME" "${LANG:-C.UTF-8}" "${JAVA_HOME:-}"
    printf 'cd %q || exit 125\n' "$PWD"
}
{
    surroundings
    printf 'exec'
    printf ' %q' "$@"
    printf '\n'
} > "$root/command"
if [ -n "$service" ]; then
    {
        surroundings
        printf 'exec %s\n' "$service"
    } > "$root/service"
fi
(cd "$root" && find . | cpio --quiet -o -H newc) > "$work/initrd"

truncate -s 2G "$work/disk"
mke2fs -q -t ext4 -O ^has_journal -E lazy_itable_init=1,nodiscard "$work/disk"

# Swap, so that limits of it can be tried.
install -m 0600 /dev/null "$work/swap"
truncate -s 256M "$work/swap"
mkswap -q "$work/swap"

# The second serial port carries the status and nothing else, so that no output of the command can be taken for it.
# no_timer_check: on a busy host the kernel takes the emulated timer for a broken one, and panics.
# In the background, so that a signal ends this script, and with it the machine, at once.
status=0
timeout --kill-after=5 "$seconds" qemu-system-x86_64 \
    -accel tcg,thread=multi,tb-size=512 -cpu max -smp 2 -m "${LANDLORD_GUEST_MIB:-3072}m" -no-reboot \
    -display none -monitor none -nic none -serial stdio -serial "file:$work/status" \
    -kernel "/boot/vmlinuz-$kernel" -initrd "$work/initrd" \
    -append "console=ttyS0 quiet panic=-1 psi=1 no_timer_check" \
    -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
    -drive "file=$work/disk,format=raw,if=virtio,cache=unsafe" \
    -drive "file=$work/swap,format=raw,if=virtio,cache=unsafe" < /dev/null &
machine=$!
wait "$machine" || status=$?
machine=
[ "$status" != 124 ] && [ "$status" != 137 ] || {
    echo "cgroup2 guest: no end after $seconds s" >&2
    exit 124
}
[ "$status" = 0 ] || fail "qemu exited with $status"
reported="$(tr -d '\r' < "$work/status" | sed -n 's/^exit //p')"
case "$reported" in
    '' | *[!0-9]*) fail "the guest went down without reporting a status" ;;
esac
echo "cgroup2 guest: kernel $kernel, exit status $reported"
exit "$reported"
