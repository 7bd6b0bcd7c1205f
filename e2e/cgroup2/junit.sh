#!/usr/bin/env bash
# Runs inside the guest (see run.sh): the tests of runtime-core that carry the tag "cgroup2", from the classes that
# `mvn package` left. Fails when a test failed, when one was skipped, and when none ran.
set -euo pipefail
cd "$(dirname "$0")/../../runtime-core"
. ../dist/src/lib/java.sh
[ -r target/test-class-path ] || { echo "runtime-core is not built: mvn package -pl runtime-core -am" >&2; exit 1; }

# C1 only: under emulation the second compiler costs more than it gives in so short a run.
result=0
"$JAVA" -XX:TieredStopAtLevel=1 -Xshare:auto --enable-native-access=ALL-UNNAMED \
    -cp "target/test-classes:target/classes:$(cat target/test-class-path)" \
    org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors \
    --scan-classpath target/test-classes --include-classname '.*(Test|IT)$' --include-tag cgroup2 \
    --details tree --reports-dir /tmp/junit-reports || result=$?

count() { grep -o '<testsuite [^>]*' /tmp/junit-reports/TEST-junit-jupiter.xml | grep -o " $1=\"[0-9]*\"" | tr -dc 0-9; }
tests=$(count tests) skipped=$(count skipped)
failed=$(($(count failures) + $(count errors)))
echo "cgroup2: $((tests - skipped - failed)) passed, $failed failed, $skipped skipped"
[ "$tests" -gt 0 ] || { echo "no test with the tag cgroup2 ran" >&2; exit 1; }
[ "$skipped" = 0 ] || { echo "a skipped test proves nothing here" >&2; exit 1; }
exit "$result"
