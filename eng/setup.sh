#!/usr/bin/env bash
# Installs what the build needs and the machine lacks. Quick when nothing is missing; says what it does.
# usage: eng/setup.sh [tests] [long]   tests: what the tests need;  long: what the emulation tests need
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
say() { printf '== %s\n' "$*"; }

command -v dotnet >/dev/null || { echo 'error: the .NET 10 SDK is missing: https://dotnet.microsoft.com/download' >&2; exit 1; }
command -v npm >/dev/null || { echo 'error: node and npm are missing' >&2; exit 1; }

packages=(libsodium23)
for want in "$@"; do
  case $want in
    tests) packages+=(libzstd1 python3 python3-numpy python3-msgpack) ;;
    training) packages+=(python3 python3-numpy python3-msgpack python3-torch python3-onnx libopenblas0-pthread xz-utils) ;;
    long) packages+=(qemu-user gcc libc6-dev gcc-aarch64-linux-gnu libc6-dev-arm64-cross libstdc++6-arm64-cross) ;;
    *) echo "error: unknown part '$want'" >&2; exit 2 ;;
  esac
done
missing=()
for p in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing+=("$p")
done
if ((${#missing[@]})); then
  say "installing Debian packages: ${missing[*]}"
  sudo=''; [ "$(id -u)" = 0 ] || sudo=sudo
  export DEBIAN_FRONTEND=noninteractive
  $sudo apt-get update -qq
  $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if [ ! -f eng/native/node_modules/.stamp ] || [ eng/native/package-lock.json -nt eng/native/node_modules/.stamp ]; then
  say 'fetching ONNX Runtime (sources of its C# API and native libraries) from npm'
  npm ci --prefix eng/native --ignore-scripts --no-audit --no-fund --loglevel=error
  touch eng/native/node_modules/.stamp
fi
