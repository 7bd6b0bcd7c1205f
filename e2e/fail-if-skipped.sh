#!/bin/sh
# The lane of the root tests is worth nothing when they did not run: fails when a report says skipped, or when there is none.
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
if [ -z "$(find . -path '*/target/surefire-reports/TEST-*.xml' -print -quit)" ]; then
    echo "no root test ran" >&2
    exit 1
fi
find . -path '*/target/surefire-reports/TEST-*.xml' -exec awk '
    /<testsuite / && match($0, / name="[^"]*"/)   { suite = substr($0, RSTART + 7, RLENGTH - 8) }
    /<testsuite / && match($0, / tests="[0-9]+"/) { tests += substr($0, RSTART + 8, RLENGTH - 9) }
    /<testcase /  && match($0, / name="[^"]*"/)   { name = substr($0, RSTART + 7, RLENGTH - 8) }
    /<skipped/ {
        reason = match($0, /message="[^"]*"/) ? substr($0, RSTART + 9, RLENGTH - 10) : "no reason given"
        print "skipped: " suite " " name ": " reason
        skipped++
    }
    END {
        print tests + 0 " root tests, " skipped + 0 " skipped"
        exit tests == 0 || skipped > 0
    }' {} +
