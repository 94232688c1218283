#!/usr/bin/env bash
# Runs bare YARP and EdgeAuth (token, rights, rate and quota enforced) side by side in front of one static upstream, interleaved,
# and prints the median of the paired ratios. Loopback only, bounded in time.
#   load.sh [rounds=5] [seconds=8] [connections=64]
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-5} seconds=${2:-8} connections=${3:-64}
command -v wrk >/dev/null || { apt-get update -qq && apt-get install -y -qq wrk >/dev/null; }
dotnet build tests/EdgeAuth.Benchmarks -c Release -v q --nologo
bin=tests/EdgeAuth.Benchmarks/bin/Release/net10.0/EdgeAuth.Benchmarks.dll
tmp=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; wait 2>/dev/null; rm -rf "$tmp"' EXIT
up=http://127.0.0.1:19500 yarp=http://127.0.0.1:19501 gateway=http://127.0.0.1:19502
dotnet "$bin" upstream $up >/dev/null & dotnet "$bin" yarp $yarp $up >/dev/null & yarp_pid=$!
dotnet "$bin" gateway $gateway $up "$tmp/tokens" >"$tmp/gateway.log" & gateway_pid=$!
for _ in $(seq 100); do [ -s "$tmp/tokens" ] && break; sleep 0.2; done
[ -s "$tmp/tokens" ] || { cat "$tmp/gateway.log"; exit 1; }
cat >"$tmp/tokens.lua" <<LUA
local tokens = {}
for line in io.lines("$tmp/tokens") do tokens[#tokens + 1] = "Bearer " .. line end
local i = 0
request = function()
  i = i % #tokens + 1
  wrk.headers["Authorization"] = tokens[i]
  return wrk.format("GET")
end
done = function(summary)
  io.write(string.format("RESULT %.1f %d\n", summary.requests / (summary.duration / 1e6), summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
LUA
run() { wrk -t1 -c"$connections" -d"${2}s" -s "$tmp/tokens.lua" "$1" | awk '/^RESULT/{print $2, $3}'; }
cpu() { awk '{print $14 + $15}' "/proc/$1/stat"; }
run $yarp/load/x 4 >/dev/null; run $gateway/load/x 4 >/dev/null
for round in $(seq "$rounds"); do
  c0=$(cpu $yarp_pid); read -r y ye < <(run $yarp/load/x "$seconds"); c1=$(cpu $yarp_pid)
  c2=$(cpu $gateway_pid); read -r g ge < <(run $gateway/load/x "$seconds"); c3=$(cpu $gateway_pid)
  [ "$ye" = 0 ] && [ "$ge" = 0 ] || { echo "round $round: errors yarp=$ye edgeauth=$ge" >&2; exit 1; }
  awk -v r="$round" -v y="$y" -v g="$g" -v yc=$((c1 - c0)) -v gc=$((c3 - c2)) -v s="$seconds" 'BEGIN {
    printf "round %d: yarp %.0f/s, edgeauth %.0f/s, ratio %.3f, cpu ratio per request %.3f\n", r, y, g, g / y, (gc / (g * s)) / (yc / (y * s)) }' | tee -a "$tmp/rounds"
done
awk '{sub(",", "", $8); print $8}' "$tmp/rounds" | sort -n | awk '{a[NR] = $1} END {printf "median ratio edgeauth/yarp %.3f over %d rounds\n", NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2, NR}'
