#!/bin/sh
# Installs the Debian packages that the named lanes of the Makefile need and that are missing:
#
#     install-packages.sh LANE...        LANE: build unit run root-test demo bench v2 chaos
#
# Does nothing, and needs no root, when all are there. Services that come with a package (postgresql, prometheus, docker.io) are
# neither started nor enabled: the lanes start what they need themselves.
set -eu

lane_packages() {
    case $1 in
    build) echo gcc libc6-dev make musl-tools libseccomp2 ;;
    unit) echo postgresql ;;
    run) echo busybox-static libseccomp2 nftables iproute2 ;;
    root-test) echo strace e2fsprogs mount ;;
    demo) echo prometheus ;;
    chaos) echo strace xz-utils mount util-linux ;;
    bench) echo runc bubblewrap docker.io ;;
    v2) echo qemu-system-x86 linux-image-amd64 busybox-static cpio kmod e2fsprogs systemd ;;
    *)
        echo "install-packages: unknown lane '$1'; there are build, unit, run, root-test, demo, bench, v2, chaos" >&2
        exit 2
        ;;
    esac
}

is_installed() {
    status=$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) && [ "$status" = installed ]
}

missing=
for lane in "$@"; do
    packages=$(lane_packages "$lane")
    for package in $packages; do
        case " $missing " in *" $package "*) continue ;; esac
        is_installed "$package" || missing="$missing $package"
    done
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "install-packages: this host has no apt-get; install by hand what corresponds to Debian's$missing" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "install-packages: missing$missing; run this as root once, or: apt-get install$missing" >&2
    exit 1
fi

# A policy of the host's administrator stays as it is and is asked as always; only where there is none, ours says for the
# time of this one call that no service may be started (101: not allowed).
policy=/usr/sbin/policy-rc.d
ours=
units_before=$(mktemp)
cleanup() {
    if [ -n "$ours" ]; then rm -f "$policy"; fi
    rm -f "$units_before"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

enabled_links() {
    {
        find /etc/systemd/system -mindepth 2 -type l -path '*.wants/*' 2>/dev/null
        find /etc/rc[0-6S].d -type l -name 'S*' 2>/dev/null
    } | LC_ALL=C sort
}

enabled_links >"$units_before"
if [ ! -e "$policy" ]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

echo "install-packages: installing$missing" >&2
apt-get update -q >&2
# The list of packages is split into words on purpose.
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing >&2

# What the installation enabled for the next boot and was not enabled before is taken back.
enabled_links | LC_ALL=C comm -13 "$units_before" - | while read -r link; do
    case $link in
    /etc/systemd/system/*) rm -f "$link" ;;
    /etc/rc*) service=${link##*/S[0-9][0-9]} && update-rc.d "$service" disable >/dev/null ;;
    esac
done
