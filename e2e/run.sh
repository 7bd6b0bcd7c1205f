#!/bin/sh
# Runs a main class of this module on everything that was built: run.sh CLASS [ARGUMENT...]. JVM options: LANDLORD_JAVA_OPTS.
set -eu
here=$(dirname "$(readlink -f "$0")")
cd "$here/.."
. dist/src/lib/java.sh
# LANDLORD_JAVA_OPTS is a list of words.
# shellcheck disable=SC2086
exec "$JAVA" --enable-native-access=ALL-UNNAMED ${LANDLORD_JAVA_OPTS:-} \
    -cp "e2e/target/classes:$(cat e2e/target/classpath)" "$@"
