#!/usr/bin/env bash
# Runs bare YARP, EdgeAuth on its embedded store and EdgeAuth on a Redis of the run's own (token, rights, rate and quota enforced) side by side in
# front of one static upstream, interleaved, and prints the medians of the paired ratios. Loopback only, bounded in time.
#   load.sh [rounds=5] [seconds=8] [connections=64]
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-5} seconds=${2:-8} connections=${3:-64}
need() { command -v "$1" >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$2" >/dev/null; }; }
need wrk wrk
need redis-server redis-server
dotnet build tests/EdgeAuth.Benchmarks -c Release -v q --nologo
bin=tests/EdgeAuth.Benchmarks/bin/Release/net10.0/EdgeAuth.Benchmarks.dll
tmp=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null; wait 2>/dev/null; rm -rf "$tmp"' EXIT
up=http://127.0.0.1:19500 yarp=http://127.0.0.1:19501 gateway=http://127.0.0.1:19502 shared=http://127.0.0.1:19503 redis=19504
redis-server --port $redis --bind 127.0.0.1 --save '' --appendonly no --dir "$tmp" >"$tmp/redis.log" & redis_pid=$!
for _ in $(seq 100); do grep -q "Ready to accept" "$tmp/redis.log" && break; sleep 0.1; done
dotnet "$bin" upstream $up >/dev/null & dotnet "$bin" yarp $yarp $up >/dev/null & yarp_pid=$!
dotnet "$bin" gateway $gateway $up "$tmp/gateway" >"$tmp/gateway.log" & gateway_pid=$!
dotnet "$bin" gateway $shared $up "$tmp/shared" --EdgeAuth:Storage:Provider=redis --EdgeAuth:Storage:Redis:Configuration=127.0.0.1:$redis >"$tmp/shared.log" & shared_pid=$!
for _ in $(seq 100); do [ -s "$tmp/gateway" ] && [ -s "$tmp/shared" ] && break; sleep 0.2; done
[ -s "$tmp/gateway" ] && [ -s "$tmp/shared" ] || { cat "$tmp/gateway.log" "$tmp/shared.log" "$tmp/redis.log"; exit 1; }
cat >"$tmp/tokens.lua" <<'LUA'
local tokens = {}
for line in io.lines(os.getenv("TOKENS")) do tokens[#tokens + 1] = "Bearer " .. line end
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
run() { TOKENS="$tmp/$3" wrk -t1 -c"$connections" -d"${2}s" -s "$tmp/tokens.lua" "$1/load/x" | awk '/^RESULT/{print $2, $3}'; } # url, seconds, whose tokens
cpu() { awk '{print $14 + $15}' "/proc/$1/stat"; }
median() { sort -n | awk '{a[NR] = $1} END {printf "%.3f over %d rounds\n", NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2, NR}'; }
run $yarp 4 gateway >/dev/null; run $gateway 4 gateway >/dev/null; run $shared 4 shared >/dev/null
for round in $(seq "$rounds"); do
  c0=$(cpu $yarp_pid); read -r y ye < <(run $yarp "$seconds" gateway); c1=$(cpu $yarp_pid)
  c2=$(cpu $gateway_pid); read -r g ge < <(run $gateway "$seconds" gateway); c3=$(cpu $gateway_pid)
  c4=$(cpu $shared_pid) r0=$(cpu $redis_pid); read -r s se < <(run $shared "$seconds" shared); c5=$(cpu $shared_pid) r1=$(cpu $redis_pid)
  [ "$ye" = 0 ] && [ "$ge" = 0 ] && [ "$se" = 0 ] || { echo "round $round: errors yarp=$ye edgeauth=$ge edgeauth on redis=$se" >&2; cat "$tmp/gateway.log" "$tmp/shared.log" >&2; exit 1; }
  awk -v r="$round" -v y="$y" -v g="$g" -v yc=$((c1 - c0)) -v gc=$((c3 - c2)) -v s="$seconds" 'BEGIN {
    printf "round %d: yarp %.0f/s, edgeauth %.0f/s, ratio %.3f, cpu ratio per request %.3f\n", r, y, g, g / y, (gc / (g * s)) / (yc / (y * s)) }' | tee -a "$tmp/rounds"
  awk -v r="$round" -v y="$y" -v g="$g" -v n="$s" -v gc=$((c3 - c2)) -v nc=$((c5 - c4)) -v rc=$((r1 - r0)) -v s="$seconds" 'BEGIN {
    printf "round %d: redis node %.0f/s, to sqlite node %.3f, to yarp %.3f, cpu ratio per request to sqlite node %.3f, redis itself %.1f %% of a core\n", r, n, n / g, n / y, (nc / (n * s)) / (gc / (g * s)), rc / s }' | tee -a "$tmp/shared-rounds"
done
echo "median ratio edgeauth/yarp $(awk '{print $8 + 0}' "$tmp/rounds" | median)"
echo "median ratio redis/sqlite $(awk '{print $9 + 0}' "$tmp/shared-rounds" | median)"
echo "median ratio redis/yarp $(awk '{print $12 + 0}' "$tmp/shared-rounds" | median)"
