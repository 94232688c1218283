#!/usr/bin/env bash
# Measures EdgeAuth side by side with what does the same work: installs what that needs, builds, and runs the comparison. Loopback only, bounded in time.
#   load.sh [options]            every contender, fifteen rounds at 64 and 256 connections, about half an hour; the report goes to standard output
#   load.sh --only yarp,edgeauth --rounds 5 --out report.md
#   load.sh latency [options]    what EdgeAuth adds to bare YARP's latency at half load
#   load.sh hard [options]       slow upstream, large bodies, TLS, HTTP/2, look-ups and secrets beside; with --variant also EdgeAuth set otherwise
#   load.sh --help               all options
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
bench=$root/tests/EdgeAuth.Benchmarks tools=$root/tests/EdgeAuth.Benchmarks/obj/load
say() { echo "load.sh: $*" >&2; }
export PATH=$PATH:/usr/sbin
need() { # package, then a command of it or a file; fails when it is not to be had
  command -v "$2" >/dev/null || [[ $2 = /* && -e $2 ]] && return
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { say "$1 is not installed, and only root can install it"; return 1; }
  [ -n "${updated:-}" ] || { apt-get update -qq >&2 || true; updated=1; }
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null 2>&1 || { say "$1 does not install"; return 1; }
}
for required in "wrk wrk" "nginx nginx" "redis-server redis-server"; do need $required || exit 1; done
# Without one of these its contenders are left out, which the report says.
need libnginx-mod-http-lua /usr/lib/nginx/modules/ngx_http_lua_module.so || true
need lua-nginx-redis /usr/share/lua/5.1/nginx/redis.lua || true
need haproxy haproxy || true
need golang-go go || true
need nghttp2-client h2load || true
need nodejs node && need npm npm || true

mkdir -p "$tools/express-gateway"
if [ ! -e "$tools/express-gateway/node_modules/express-gateway" ] && command -v npm >/dev/null; then
  echo '{"private": true}' >"$tools/express-gateway/package.json"
  (cd "$tools/express-gateway" && timeout 300 npm install --silent --no-audit --no-fund --ignore-scripts express-gateway@1.16.11 >/dev/null 2>&1) || { say "express-gateway does not install"; rm -rf "$tools/express-gateway/node_modules"; }
fi
if command -v go >/dev/null; then
  (cd "$bench/Load/Peers/go" && GOFLAGS=-buildvcs=false go build -o "$tools/go-proxy" .) || { say "the Go proxy does not build"; rm -f "$tools/go-proxy"; }
fi
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# The gateway as the image has it: published, with the settings of its own runtime.
dotnet publish "$root/src/EdgeAuth.Gateway" -c Release -v q --nologo -o "$tools/gateway" >&2
dotnet build "$bench" -c Release -v q --nologo >&2
exec dotnet "$bench/bin/Release/net10.0/EdgeAuth.Benchmarks.dll" load "$@" --tools "$tools"
