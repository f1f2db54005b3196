#!/usr/bin/env bash
# Looks for faults that can be seen without running anything. What tools/go.mod pins is built into bin/tools:
#
#   staticcheck   mistakes; staticcheck.conf says which of its checks are left out, and why
#   gosec         faults of security; a line is left out by "#nosec G304 -- why". Not asked again of code that it has passed
#   govulncheck   known faults of what is used, as the database at vuln.go.dev knows them now
#
# Where the tools cannot be fetched, or the database cannot be asked, it says so and goes on.
set -euo pipefail
cd "$(dirname "$0")/.."
export CGO_ENABLED=0 GOFLAGS="${GOFLAGS-} -buildvcs=false"

if ! said=$(go -C tools mod download 2>&1); then
	echo "NOT TESTED: faults that staticcheck, gosec and govulncheck find; they cannot be fetched: $(tail -n 1 <<<"$said")"
	exit 0
fi
mkdir -p bin/tools
go -C tools build -o ../bin/tools/ tool ./gosec

timed() {
	local began=$SECONDS
	"$@"
	echo "$1: nothing found, $((SECONDS - began)) s" | sed 's|^bin/tools/||'
}

timed bin/tools/staticcheck ./...

# It keeps nothing by itself, and takes as long each time.
code=$(find cmd internal examples tools go.mod go.sum -type f \( -name '*.go' -o -name 'go.*' \) ! -name '*_test.go' ! -path '*/node_modules/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
if [ "$(cat bin/tools/passed 2>/dev/null)" = "$code" ]; then
	echo "gosec: nothing found in this code before"
else
	timed bin/tools/gosec ./cmd/... ./internal/... ./examples/...
	echo "$code" >bin/tools/passed
fi

status=0
said=$(bin/tools/govulncheck ./cmd/... 2>&1) || status=$?
case $status:$said in
0:*) echo "govulncheck: nothing found" ;;
*"fetching vulnerabilities"*) echo "NOT TESTED: known faults of what is used; the database cannot be asked: $(tail -n 1 <<<"$said")" ;;
*)
	echo "$said"
	exit 1
	;;
esac
