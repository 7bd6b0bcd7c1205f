#!/bin/busybox sh
# Pid 1 of the guest: see run.sh. Busybox only, until the host's file system is the root.
b=/bin/busybox
$b stty -F /dev/console -onlcr 2> /dev/null

step() {
    "$@" || {
        echo "cgroup2 guest: failed in early boot: $*"
        $b reboot -f
    }
}

step $b mount -t proc proc /proc
step $b mount -t sysfs sys /sys
step $b mount -t devtmpfs dev /dev
while read -r module; do
    step $b insmod "/modules/$module"
done < /modules/order

step $b mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=1048576,cache=loose host /lower
step $b mount -t tmpfs tmpfs /upper
step $b mkdir /upper/files /upper/work
step $b mount -t overlay -o lowerdir=/lower,upperdir=/upper/files,workdir=/upper/work root /merged
step $b mount --move /proc /merged/proc
step $b mount --move /dev /merged/dev
step $b mount --move /sys /merged/sys
step $b mount -t cgroup2 cgroup2 /merged/sys/fs/cgroup
$b mkdir -p /merged/dev/pts /merged/dev/shm /merged/dev/mqueue
step $b mount -t devpts -o newinstance,ptmxmode=0666 devpts /merged/dev/pts
step $b mount -t tmpfs tmpfs /merged/dev/shm
step $b mount -t mqueue mqueue /merged/dev/mqueue
step $b mount -t tmpfs tmpfs /merged/run
# Not over /tmp: the host's files there stay in sight, and this repository may be one of them.
step $b mkdir /merged/run/scratch
step $b mount -t ext4 /merged/dev/vda /merged/run/scratch
step $b chmod 1777 /merged/run/scratch
step $b cp /command /finish /merged/run/
[ ! -e /service ] || step $b cp /service /merged/run/service
step $b cp /bin/busybox /merged/run/busybox
$b hostname cgroup2-guest
$b ip link set lo up

# The initramfs cannot be pivoted away from, and the sandboxes under test pivot: so the new root becomes "/" by a move.
step $b cp /main /merged/run/main
exec $b switch_root /merged /run/main
