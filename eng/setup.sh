#!/usr/bin/env bash
# Installs what the build needs and the machine lacks. Quick when nothing is missing; says what it does.
# usage: eng/setup.sh [demo] [tests] [long] [training] [gpu]
#   demo       what the demo compares with
#   tests      what the tests need           training   what the training and export tools need (large: PyTorch)
#   long       what the emulation tests need      gpu        ONNX Runtime's CUDA provider (a download of 180 MB; linux-x64)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
say() { printf '== %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

packages=(libsodium23)
gpu=
for want in "$@"; do
  case $want in
    demo) packages+=(libzstd1 xz-utils) ;;
    tests) packages+=(libzstd1 xz-utils python3 python3-numpy python3-msgpack) ;;
    training) packages+=(python3 python3-numpy python3-msgpack python3-torch python3-onnx libopenblas0-pthread xz-utils) ;;
    long) packages+=(qemu-user gcc libc6-dev gcc-aarch64-linux-gnu libc6-dev-arm64-cross libstdc++6-arm64-cross) ;;
    gpu) gpu=1 ;;
    *) echo "error: unknown part '$want': demo, tests, long, training or gpu" >&2; exit 2 ;;
  esac
done

command -v dotnet >/dev/null || fail 'the .NET 10 SDK is missing: https://dotnet.microsoft.com/download'
dotnet --list-sdks | grep -q '^10\.' || fail "the .NET 10 SDK is missing (found: $(dotnet --list-sdks | cut -d' ' -f1 | xargs)): https://dotnet.microsoft.com/download"
command -v npm >/dev/null || fail 'node and npm are missing: https://nodejs.org'

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
  local apt=(apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  # A failed update is not yet a failure: the lists at hand may do.
  ${sudo[@]+"${sudo[@]}"} env DEBIAN_FRONTEND=noninteractive "${apt[@]}" update >"$log" 2>&1 || true
  if ! ${sudo[@]+"${sudo[@]}"} env DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "could not install: ${missing[*]}"
  fi
  rm -f "$log"
}

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  install_debian_packages
else
  say "not a Debian system: make sure that these are installed: ${packages[*]}"
fi

# npm writes node_modules/.package-lock.json last, so a fetch that was cut short is seen.
native_is_current() {
  node -e '
    const want = require("./eng/native/package-lock.json").packages, have = require("./eng/native/node_modules/.package-lock.json").packages;
    const direct = Object.keys(want[""].dependencies).map(name => "node_modules/" + name);
    process.exit(direct.every(key => have[key]) && Object.keys(have).every(key => want[key]?.integrity === have[key].integrity) ? 0 : 1)' 2>/dev/null
}
if ! native_is_current; then
  say 'fetching ONNX Runtime (sources of its C# API and native libraries) from npm'
  npm ci --prefix eng/native --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
fi

# The package alone, without what it depends on, which is here already. The build copies the libraries beside ONNX Runtime's.
fetch_gpu() {
  local name=com.github.asus4.onnxruntime.linux-x64-gpu version=0.4.9 to=eng/native/gpu folder
  local integrity=FopIhNE/Ng+v2X65wVc9clPCBCvhvA53Hxo2U0Kf5fGdVsC7iCA+mZ0KLWggcQAj7TIZ6pNidR4AC10g74Xo6w==
  [ -e "$to/$version" ] && return 0
  say "fetching ONNX Runtime's CUDA provider from npm"
  folder=$(mktemp -d)
  npm pack "$name@$version" --pack-destination "$folder" --silent >/dev/null
  [ "$(openssl dgst -sha512 -binary "$folder"/*.tgz | base64 -w0)" = "$integrity" ] || fail "$name $version is not the package that was expected"
  tar -xzf "$folder"/*.tgz -C "$folder" --wildcards 'package/Plugins/Linux/x64/libonnxruntime_providers_cuda.so' 'package/Plugins/Linux/x64/libonnxruntime_providers_shared.so'
  mkdir -p "$to"
  mv "$folder"/package/Plugins/Linux/x64/*.so "$to/"
  touch "$to/$version"
  rm -r "$folder"
}
[ -z "$gpu" ] || fetch_gpu
