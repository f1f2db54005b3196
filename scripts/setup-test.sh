#!/usr/bin/env bash
# Sees to it that what the tests need beside Go is on this machine. As root on Debian it installs what is missing; otherwise it
# says what is missing, and what will not be tested for want of it.
#
#   scripts/setup-test.sh             install or say
#   scripts/setup-test.sh has NAME    answer by the exit code whether NAME is there
#
# PLUMBLINE_REQUIRE=race,npm,browser,pdf,postgres,oscal,disk turns what is missing of these into a failure. What no test wants yet is never missing.
set -euo pipefail
cd "$(dirname "$0")/.."
PLUMBLINE_REQUIRE=${PLUMBLINE_REQUIRE-}

# To add a need: its name here, and the four functions below. One that no package brings names none.
needs=(race npm browser pdf postgres oscal disk)

wanted_race() { true; }
has_race() { printf '#include <pthread.h>\nint main(void) { return 0; }\n' | $(go env CC) -x c -fsyntax-only - 2>/dev/null; }
packages_race() { echo gcc libc6-dev; }
untested_race() { echo "races between goroutines; the race detector wants a C compiler"; }

wanted_npm() { true; }
has_npm() { command -v npm && node -e 'process.exit(+process.versions.node.split(".")[0] < 18 ? 1 : 0)'; } >/dev/null
packages_npm() { echo nodejs npm; }
untested_npm() { echo "the style of the pages, and their components against the fixtures of govuk-frontend; Node 18 with npm is missing"; }

wanted_browser() { uses github.com/chromedp/chromedp; }
has_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null
packages_browser() { echo chromium; }
untested_browser() { echo "the pages in a browser; Chromium is missing"; }

wanted_pdf() { wanted_browser; }
has_pdf() { command -v pdfinfo && command -v pdftotext; } >/dev/null
packages_pdf() { echo poppler-utils; }
untested_pdf() { echo "the pages on paper; pdfinfo and pdftotext are missing"; }

wanted_postgres() { uses github.com/jackc/pgx; }
has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/postgres' || command -v postgres; } >/dev/null
packages_postgres() { echo postgresql; }
untested_postgres() { echo "the PostgreSQL engine; there is no PostgreSQL here"; }

wanted_oscal() { true; }
has_oscal() { [ -d ../shared/data/oscal ]; }
packages_oscal() { :; }
untested_oscal() { echo "OSCAL against the schemas and examples of NIST, which are not in the repository"; }

wanted_disk() { true; }
has_disk() { [ "$(id -u)" = 0 ]; }
packages_disk() { :; }
untested_disk() { echo "a full disk; only root can mount a small one to fill"; }

uses() { grep -rqsF --include='*.go' "\"$1" cmd internal; }

if ! command -v go >/dev/null; then
	echo "Go is missing: install the version that go.mod names" >&2
	exit 1
fi

known() { [[ " ${needs[*]} " == *" $1 "* ]]; }
required() { [[ ",${PLUMBLINE_REQUIRE}," == *",$1,"* ]]; }
missing() { for need in "${needs[@]}"; do if "wanted_$need" && ! "has_$need"; then echo "$need"; fi; done; }

if [ "${1-}" = has ]; then
	known "${2-}" && "has_$2"
	exit
fi

for name in ${PLUMBLINE_REQUIRE//,/ }; do
	known "$name" || { echo "PLUMBLINE_REQUIRE names $name; what can be required is: ${needs[*]}" >&2; exit 1; }
done

lack=$(missing)
if [ -n "$lack" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	packages=$(for need in $lack; do "packages_$need"; done | tr '\n' ' ')
	if [ -n "${packages// /}" ]; then
		echo "Installing for the tests: $packages"
		export DEBIAN_FRONTEND=noninteractive
		# A failure here is no failure of the tests: what is still missing is said below.
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages; } >/dev/null || true
		lack=$(missing)
	fi
fi

failed=0
for need in $lack; do
	packages=$("packages_$need")
	echo "NOT TESTED: $("untested_$need")${packages:+. To install: apt-get install $packages}"
	if required "$need"; then
		echo "PLUMBLINE_REQUIRE asks for $need, so this is a failure." >&2
		failed=1
	fi
done
exit $failed
