#!/usr/bin/env bash
# Builds and runs every test. Installs what the tests need and the machine lacks.
#   bash tests/run.sh          small counts, a few minutes
#   bash tests/run.sh --soak   the full counts
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in
  "") ;;
  --soak) export EDGEAUTH_SOAK=1 ;;
  *) echo "usage: bash tests/run.sh [--soak]" >&2; exit 2 ;;
esac
need() { # command, package
  command -v "$1" >/dev/null && return
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "$1 is missing: install $2" >&2; exit 1; }
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$2" >/dev/null
}
need node nodejs
need npm npm
need redis-server redis-server
(cd tests/EdgeAuth.SystemTests/NodeClients && npm ci --silent --no-audit --no-fund)

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build -c Release
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
export EDGEAUTH_REPORTS=$logs
status=0

# The engine compiles against a newer Redis client too. Apart from everything else, since what that client needs is not all held.
dotnet build src/EdgeAuth -c Release -v q -p:RedisClientVersion=2.13.23 -p:RedisClientCompileOnly=true -p:RunAnalyzers=false --artifacts-path "$logs/redis-client" || status=1

for project in EdgeAuth.Tests EdgeAuth.SystemTests; do
  dotnet test "tests/$project" -c Release --no-build --logger "trx;LogFileName=$project.trx" --results-directory "$logs" || status=1
done

# What goes through HTTP, once more with the store that many nodes share; what no store has a part in, with the full counts only.
through_http='FullyQualifiedName~EdgeAuth.Tests.Dialects|FullyQualifiedName~EdgeAuth.Tests.OAuth|FullyQualifiedName~EdgeAuth.Tests.Enforcement'
through_http="$through_http|FullyQualifiedName~EdgeAuth.Tests.Hosting|FullyQualifiedName~EdgeAuth.Tests.Telemetry|FullyQualifiedName~EdgeAuth.Tests.Secrecy"
[ -z "${EDGEAUTH_SOAK:-}" ] || through_http="$through_http|FullyQualifiedName~EdgeAuth.Tests.BadInput|FullyQualifiedName~EdgeAuth.Tests.Hostile"
EDGEAUTH_SOAK= EDGEAUTH_STORE=redis dotnet test tests/EdgeAuth.Tests -c Release --no-build --filter "($through_http)&Store!=embedded" --logger "trx;LogFileName=EdgeAuth.Tests.redis.trx" --results-directory "$logs" || status=1

cat "$logs"/*.report 2>/dev/null || true

# The totals of all test projects, as the last line.
sum() { echo $(($(grep -ho "<Counters [^>]*" "$logs"/*.trx | grep -o " $1=\"[0-9]*\"" | grep -o "[0-9]*" | paste -sd+))); }
passed=$(sum passed) failed=$(sum failed) total=$(sum total)
[ "$failed" = 0 ] || status=1
[ "${passed:-0}" -gt 0 ] || status=1
skipped=$((total - passed - failed))
if [ "$skipped" = 0 ]; then echo "$passed passed, $failed failed"; else echo "$passed passed, $failed failed, $skipped skipped"; fi
exit $status
