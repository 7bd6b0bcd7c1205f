#!/usr/bin/env bash
# Runs inside the guest (see run.sh): the tests of a module that carry a tag, from the classes that `mvn package` left.
# Fails when a test failed, when one was skipped, and when none ran.
#
#   e2e/cgroup2/junit.sh MODULE TAG
set -euo pipefail
[ $# = 2 ] || { echo "usage: junit.sh MODULE TAG" >&2; exit 2; }
module=$1 tag=$2
cd "$(dirname "$0")/../../$module"
. ../dist/src/lib/java.sh
[ -r target/test-class-path ] || { echo "$module is not built: make package" >&2; exit 1; }

reports="${TMPDIR:-/tmp}/junit-$module-$tag"
# C1 only: under emulation the second compiler costs more than it gives in so short a run.
result=0
"$JAVA" -XX:TieredStopAtLevel=1 -Xshare:auto --enable-native-access=ALL-UNNAMED -Djava.io.tmpdir="${TMPDIR:-/tmp}" \
    -cp "target/test-classes:target/classes:$(cat target/test-class-path)" \
    org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors \
    --scan-classpath target/test-classes --include-classname '.*(Test|IT)$' --include-tag "$tag" \
    --details testfeed --reports-dir "$reports" || result=$?

count() { grep -o '<testsuite [^>]*' "$reports/TEST-junit-jupiter.xml" | grep -o " $1=\"[0-9]*\"" | tr -dc 0-9; }
echo "the slowest, in seconds:"
grep -o '<testcase name="[^"]*" classname="[^"]*" time="[^"]*"' "$reports/TEST-junit-jupiter.xml" |
    awk -F'"' '{ sub(/.*\./, "", $4); print $6, $4 "." $2 }' | sort -rn | sed -n 1,8p
# Again at the end: of a long log often only the end is kept.
awk -F'"' '/<testcase /{ test = $4 "." $2 } /<(failure|error) /{ print "FAILED " test ": " substr($0, 1, 600) }' \
    "$reports/TEST-junit-jupiter.xml"
tests=$(count tests) skipped=$(count skipped)
failed=$(($(count failures) + $(count errors)))
echo "$module, $tag: $((tests - skipped - failed)) passed, $failed failed, $skipped skipped"
[ "$tests" -gt 0 ] || { echo "no test with the tag $tag ran" >&2; exit 1; }
[ "$skipped" = 0 ] || { echo "a skipped test proves nothing here" >&2; exit 1; }
exit "$result"
