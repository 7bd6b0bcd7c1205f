#!/bin/sh
# Run when the unit landlord-sandboxes.service is stopped, which is when the host goes down. Asks every program in a
# sandbox to end, waits half a minute for those that are not suspended, and kills the rest; the supervisors record how
# each ended, and go.
set -u
# Nobody asked for this stop: the unit's own process has died, and that is no reason to end anything.
[ -n "${MAINPID:-}" ] || exit 0

root=landlord-sandboxes.service
groups=/sys/fs/cgroup/$root                     # version 2 alone
freezer=$groups
if [ ! -d "$groups" ]; then
    groups=/sys/fs/cgroup/memory/$root          # version 1, and its mixture with version 2
    freezer=/sys/fs/cgroup/unified/$root
fi

# The processes of all sandboxes, a tenant's in a group of its own: tenant/allocation.
programs() { cat "$groups"/*/*/cgroup.procs 2>/dev/null; }

awake() {
    for group in "$groups"/*/*/; do
        grep -qsx 'frozen 1' "$freezer${group#"$groups"}cgroup.events" || cat "$group/cgroup.procs" 2>/dev/null
    done
}

supervisors() { cat "$groups/supervisors/cgroup.procs" 2>/dev/null; }

# Waits until $2 prints nothing, for at most $1 seconds.
await_none() {
    waited=0
    while [ -n "$($2)" ] && [ "$waited" -lt "$1" ]; do
        sleep 1
        waited=$((waited + 1))
    done
}

# Those that have just ended by themselves are no error.
programs | xargs -r kill -TERM 2>/dev/null
await_none 30 awake
programs | xargs -r kill -KILL 2>/dev/null
await_none 10 supervisors
exit 0
