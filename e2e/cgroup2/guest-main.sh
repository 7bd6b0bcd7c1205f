#!/run/busybox sh
# Pid 1 of the guest once the host's file system is the root: runs the command, then, if that went well and there is one,
# the service under systemd, which is pid 1 from there on. The machine goes down with the status of the last.
/run/busybox setsid /bin/bash /run/command < /dev/null > /dev/console 2>&1
status=$?
if [ "$status" != 0 ] || [ ! -e /run/service ]; then
    exec /run/busybox sh /run/finish "$status"
fi

# Of the host: they would make systemd take this machine for a container.
rm -f /.dockerenv /run/.containerenv

# What a machine of iron needs for its devices and disks, and this one has already or does without.
mkdir -p /etc/systemd/system /run/systemd/system
for unit in systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udev-trigger.service \
    systemd-tmpfiles-setup-dev.service systemd-tmpfiles-setup.service systemd-tmpfiles-clean.timer kmod-static-nodes.service \
    systemd-modules-load.service systemd-sysctl.service systemd-sysusers.service systemd-random-seed.service \
    systemd-firstboot.service systemd-machine-id-commit.service systemd-repart.service systemd-binfmt.service \
    proc-sys-fs-binfmt_misc.automount systemd-update-utmp.service systemd-pcrphase-sysinit.service systemd-pcrphase.service \
    systemd-remount-fs.service systemd-journal-flush.service dev-hugepages.mount dev-mqueue.mount sys-kernel-config.mount \
    sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount apparmor.service \
    modprobe@efi_pstore.service systemd-ask-password-console.path \
    keyboard-setup.service console-setup.service networking.service ifupdown-pre.service network-online.target \
    cryptsetup.target integritysetup.target veritysetup.target nftables.service timers.target sockets.target; do
    ln -sf /dev/null "/etc/systemd/system/$unit"
done
cat > /run/systemd/system/landlord-guest.service << 'END'
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/bin/bash /run/service
StandardOutput=file:/dev/console
StandardError=inherit
ExecStopPost=/bin/sh -c '[ "$$EXIT_STATUS" = 0 ] || journalctl --no-pager -n 200 > /dev/console; \
    exec /run/busybox sh /run/finish "$${EXIT_STATUS:-126}"'
END
exec /lib/systemd/systemd --unit=landlord-guest.service --log-target=console --log-level=notice --show-status=no
