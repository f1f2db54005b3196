#!/usr/bin/env bash
# What takes too long for `make test`, part by part, so that each has the machine to itself:
#
#   histories   laws of the graph and of dates, on CHECKS random histories in memory
#   tests       every test in its long form: DISK random histories on disk, kill -9, every look of what needs no browser
#   pages       every page under every look in a browser, wide and narrow
#   budgets     what pages of a large council cost the server and a slow browser
#   load        many people at once
#   fuzz        every fuzz target for FUZZTIME
#
#   scripts/prove.sh              all of it
#   scripts/prove.sh pages fuzz   these parts
#
# A part that fails does not stop those after it. What each did is said at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
CHECKS=${CHECKS:-10000} DISK=${DISK:-1000} FUZZTIME=${FUZZTIME:-1m}

# Those of the tests that are parts of their own.
apart='^(TestPagesInABrowser|TestBudgets|TestLoad)$'

histories() {
	RAPID_CHECKS=$CHECKS go test -count=1 -timeout 1h ./internal/graph ./internal/fact
	echo "proved: $CHECKS histories of each law"
}

tests() {
	PLUMBLINE_PROVE=1 RAPID_CHECKS=$DISK go test -count=1 -timeout 2h -skip "$apart" ./...
	echo "proved: every test but those of pages, budgets and load; $DISK histories of each law"
}

pages() { alone TestPagesInABrowser; }
budgets() { alone TestBudgets; }
load() { alone TestLoad; }

# A test that was skipped has proved nothing. What it logged last is what it did.
alone() {
	local out status=0
	out=$(mktemp)
	PLUMBLINE_PROVE=1 go test -v -count=1 -timeout 2h -run "^$1\$" ./internal/web 2>&1 | tee "$out" || status=$?
	if grep -q "^--- PASS: $1 " "$out"; then
		echo "proved: $(sed -nE 's/^ +[a-z_]+_test\.go:[0-9]+: //p' "$out" | tail -n 1)"
	else
		status=1
	fi
	rm -f "$out"
	return "$status"
}

fuzz() {
	local n=0 dir target
	while read -r dir target; do
		n=$((n + 1))
		echo "fuzz $dir $target for $FUZZTIME"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$FUZZTIME" "./$dir" </dev/null
	done < <(grep -rnE '^func Fuzz[A-Za-z0-9_]*\(' --include='*_test.go' cmd internal | sed -E 's|^([^:]*)/[^/:]*:[0-9]+:func (Fuzz[A-Za-z0-9_]*).*|\1 \2|' | sort)
	[ "$n" -gt 0 ]
	echo "proved: $n fuzz targets, nothing found in $FUZZTIME each"
}

all=(histories tests pages budgets load fuzz)
for part in "$@"; do
	[[ " ${all[*]} " == *" $part "* ]] || { echo "there is no part $part: ${all[*]}" >&2; exit 2; }
done
[ $# -gt 0 ] || set -- "${all[@]}"

log=$(mktemp) said=() status=0
trap 'rm -f "$log"' EXIT
for part in "$@"; do
	echo "== $part, $(date +%H:%M)"
	began=$SECONDS
	# By itself, because a function in a condition would go on after a command of it has failed.
	set +e
	(set -e; "$part") 2>&1 | tee "$log"
	failed=${PIPESTATUS[0]}
	set -e
	if [ "$failed" = 0 ]; then
		what=$(sed -n 's/^proved: //p' "$log" | tail -n 1)
	else
		what="FAILED" status=1
	fi
	said+=("$(printf '%-10s %3d min %02d s  %s' "$part" $(((SECONDS - began) / 60)) $(((SECONDS - began) % 60)) "$what")")
done
echo "== what was proved at $(git describe --tags --always --dirty 2>/dev/null || echo 'an unknown commit'), $(date +%F)"
printf '%s\n' "${said[@]}"
exit "$status"
