# shellcheck shell=sh disable=SC2034,SC2154
# Sourced by the commands in bin/. Sets JAVA to the java of a JDK or JRE 25 or newer, or ends with one clear line.
# Looks at JAVA_HOME, then in /usr/lib/jvm, then at the java on the PATH. Reads the `release` file of each instead of
# starting it: starting a JVM to ask for its version would double the time of a short command.

# Sets `major` to the feature version of the Java in folder $1; fails when there is none.
java_major() {
    major=
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
    while IFS='=' read -r key value; do
        [ "$key" = JAVA_VERSION ] || continue
        value=${value#\"}
        major=${value%%[!0-9]*}
    done <"$1/release"
    [ -n "$major" ]
}

find_java() {
    seen=
    path_java=$(command -v java || true)
    if [ -n "$path_java" ]; then
        path_java=$(readlink -f "$path_java")
        path_java=${path_java%/bin/java}
    fi
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/* "$path_java"; do
        [ -n "$home" ] || continue
        java_major "$home" || continue
        if [ "$major" -ge 25 ]; then
            JAVA=$home/bin/java
            return 0
        fi
        seen="$seen $home (Java $major)"
    done
    echo "${0##*/}: needs Java 25 or newer; found${seen:- none}. Install a JDK 25 and set JAVA_HOME to its folder." >&2
    exit 1
}

if [ -n "${JAVA_HOME:-}" ] && java_major "$JAVA_HOME" && [ "$major" -ge 25 ]; then
    JAVA=$JAVA_HOME/bin/java
else
    find_java
fi

# Sets `cache` to the JVM options for the ahead-of-time cache of program $1 (see bin/landlord-warm-up): use the one that is
# there, record for one, make one, or do without. A cache that is older than the program is of another build.
aot_options() {
    file=$lib/$1.aot
    if [ -n "${LANDLORD_AOT_RECORD:-}" ]; then
        cache="-XX:AOTMode=record -XX:AOTConfiguration=$LANDLORD_AOT_RECORD/$1.aotconf"
    elif [ -n "${LANDLORD_AOT_CREATE:-}" ]; then
        cache="-XX:AOTMode=create -XX:AOTConfiguration=$LANDLORD_AOT_CREATE/$1.aotconf -XX:AOTCache=$file"
    elif [ -r "$file" ] && [ -z "$(find "$lib/$1.jar" -newer "$file")" ]; then
        cache="-XX:AOTCache=$file -Xlog:aot*=error -Xlog:cds*=error"
    else
        cache=-Xshare:auto
    fi
}
