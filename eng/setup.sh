#!/usr/bin/env bash
# Installs what the build needs and the machine lacks. Quick when nothing is missing; says what it does.
# usage: eng/setup.sh [demo] [tests] [long] [training] [media]
#   demo       what the demo needs           training   what the training and export tools need (large: PyTorch)
#   tests      what the tests need           long       what the emulation tests need
#   media      the coders of images and sound that `linkcodec compare` measures against, as far as they can be had:
#              whatever needs a missing one says so and goes on
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
say() { printf '== %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

packages=() peers=()
for want in "$@"; do
  case $want in
    demo) packages+=(python3 xz-utils) ;;
    tests) packages+=(xz-utils python3 python3-numpy python3-msgpack) ;;
    training)
      packages+=(python3 python3-numpy python3-msgpack python3-torch python3-onnx libopenblas0-pthread xz-utils) ;;
    long) packages+=(qemu-user gcc libc6-dev gcc-aarch64-linux-gnu libc6-dev-arm64-cross libstdc++6-arm64-cross) ;;
    media) peers+=(optipng webp libjxl-tools libopenjp2-tools flac wavpack) ;;
    *) echo "error: unknown part '$want': demo, tests, long, training or media" >&2; exit 2 ;;
  esac
done

download=https://dotnet.microsoft.com/download
command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing: $download"
dotnet --list-sdks | grep -q '^10\.' \
  || fail "the .NET 10 SDK is missing (found: $(dotnet --list-sdks | cut -d' ' -f1 | xargs)): $download"

apt() { # COMMAND...
  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  ${sudo[@]+"${sudo[@]}"} env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

# Sets `missing` to those of the packages that are not installed.
find_missing() { # PACKAGE...
  local p
  missing=()
  for p in "$@"; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing+=("$p")
  done
}

may_install() { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }

install_debian_packages() {
  local log
  find_missing ${packages[@]+"${packages[@]}"}
  ((${#missing[@]})) || return 0
  say "installing Debian packages: ${missing[*]}"
  may_install || fail "run as root: apt-get install ${missing[*]}"
  log=$(mktemp)
  # A failed update is not yet a failure: the lists at hand may do.
  apt update >"$log" 2>&1 || true
  if ! apt install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "could not install: ${missing[*]}"
  fi
  rm -f "$log"
}

# One by one: a release that lacks one of them has the others.
install_debian_peers() {
  local p
  find_missing ${peers[@]+"${peers[@]}"}
  ((${#missing[@]})) || return 0
  if may_install; then
    say "installing Debian packages, as far as they can be had: ${missing[*]}"
    apt update >/dev/null 2>&1 || true
    for p in "${missing[@]}"; do
      apt install -y --no-install-recommends "$p" >/dev/null 2>&1 || true
    done
    find_missing "${peers[@]}"
  fi
  ((${#missing[@]} == 0)) || say "going on without: ${missing[*]}"
}

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  install_debian_packages
  install_debian_peers
elif ((${#packages[@]} + ${#peers[@]})); then
  say "not a Debian system: make sure that these are installed:" \
    ${packages[@]+"${packages[@]}"} ${peers[@]+"${peers[@]}"}
fi
