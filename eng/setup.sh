#!/usr/bin/env bash
# Installs what the build needs and the machine lacks. Quick when nothing is missing; says what it does.
# usage: eng/setup.sh [demo] [tests] [long] [training]
#   demo       what the demo needs           training   what the training and export tools need (large: PyTorch)
#   tests      what the tests need           long       what the emulation tests need
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
say() { printf '== %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

packages=()
for want in "$@"; do
  case $want in
    demo) packages+=(python3 xz-utils) ;;
    tests) packages+=(xz-utils python3 python3-numpy python3-msgpack) ;;
    training)
      packages+=(python3 python3-numpy python3-msgpack python3-torch python3-onnx libopenblas0-pthread xz-utils) ;;
    long) packages+=(qemu-user gcc libc6-dev gcc-aarch64-linux-gnu libc6-dev-arm64-cross libstdc++6-arm64-cross) ;;
    *) echo "error: unknown part '$want': demo, tests, long or training" >&2; exit 2 ;;
  esac
done

download=https://dotnet.microsoft.com/download
command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing: $download"
dotnet --list-sdks | grep -q '^10\.' \
  || fail "the .NET 10 SDK is missing (found: $(dotnet --list-sdks | cut -d' ' -f1 | xargs)): $download"

install_debian_packages() {
  local missing=() p log sudo=()
  for p in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing+=("$p")
  done
  ((${#missing[@]})) || return 0
  say "installing Debian packages: ${missing[*]}"
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "run as root: apt-get install ${missing[*]}"
    sudo=(sudo)
  fi
  log=$(mktemp)
  local apt=(${sudo[@]+"${sudo[@]}"} env DEBIAN_FRONTEND=noninteractive
    apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  # A failed update is not yet a failure: the lists at hand may do.
  "${apt[@]}" update >"$log" 2>&1 || true
  if ! "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "could not install: ${missing[*]}"
  fi
  rm -f "$log"
}

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  install_debian_packages
elif ((${#packages[@]})); then
  say "not a Debian system: make sure that these are installed: ${packages[*]}"
fi
