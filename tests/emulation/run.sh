#!/usr/bin/env bash
# Demands equal bits from a snapshot on other processors, emulated: AVX2, AVX and SSE4 machines, and ARM64 with and
# without dot product.
# usage: tests/emulation/run.sh [SNAPSHOT_FOLDER]      the last line is "N passed, N failed"; a minute or two
# Installs nothing: eng/setup.sh long has what it needs.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
snapshots=$root/models/snapshots
snapshot=${1:-$snapshots/bytes-1}
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

[ "$(uname -m)" = x86_64 ] || fail 'this runs on x86-64 machines'
for tool in dotnet gcc aarch64-linux-gnu-gcc qemu-x86_64 qemu-aarch64; do
  command -v "$tool" >/dev/null || fail "$tool is missing: run eng/setup.sh long"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The driver in C looks for no neighbours: a whole copy, with the files that bytes-1 has in common with mixed-1.
if [ "$snapshot" = "$snapshots/bytes-1" ]; then
  snapshot=$work/bytes-1
  mkdir "$snapshot"
  cp "$snapshots"/bytes-1/manifest.msgpack "$snapshots"/mixed-1/weights-table.bin "$snapshot"
  cp "$snapshots/mixed-1/network-1.onnx" "$snapshot/model.onnx"
fi
[ -f "$snapshot/model.onnx" ] || fail "there is no snapshot at $snapshot"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
attempt() { # COMPLAINT COMMAND...
  local complaint=$1
  shift
  "$@" >"$work/build.log" 2>&1 || { cat "$work/build.log"; fail "$complaint"; }
}
attempt 'the exactness program does not build' \
  dotnet build "$here/LinkCodec.Exactness" -c Release -v quiet -nologo
attempt 'ONNX Runtime is not to be had in two versions' dotnet restore "$here/libraries.proj" -v quiet
library=$(dotnet msbuild "$here/libraries.proj" -getProperty:NuGetPackageRoot)microsoft.ml.onnxruntime
headers=$library/1.31.0/build/native/include
x64=$library/1.31.0/runtimes/linux-x64/native/libonnxruntime.so
newer=$library/1.31.1/runtimes/linux-x64/native/libonnxruntime.so
arm=$library/1.31.0/runtimes/linux-arm64/native/libonnxruntime.so
program=$here/LinkCodec.Exactness/bin/Release/net10.0/LinkCodec.Exactness.dll
exactness=$work/arm64/LinkCodec.Exactness
dotnet=$(readlink -f "$(command -v dotnet)")
# The runtime for ARM64 comes with the program.
attempt 'the exactness program does not build for ARM64' dotnet publish "$here/LinkCodec.Exactness" \
  -c Release -r linux-arm64 --self-contained -o "$work/arm64" -v quiet -nologo
gcc -O1 -isystem "$headers" "$here/driver.c" -o "$work/driver" -ldl || fail 'the driver does not build for x86-64'
aarch64-linux-gnu-gcc -O1 -isystem "$headers" "$here/driver.c" -o "$work/driver-arm64" -ldl \
  || fail 'the driver does not build for ARM64'

# ONNX Runtime reads /proc/cpuinfo and does not survive an x86 one on ARM; the emulator looks below its root first.
arm_root() { # NAME PART FEATURES: what Linux says there on a machine with such cores
  mkdir -p "$work/$1/proc"
  ln -s /usr/aarch64-linux-gnu/lib "$work/$1/lib"
  for core in 0 1; do
    printf 'processor\t: %s\nBogoMIPS\t: 50.00\nFeatures\t: %s\nCPU implementer\t: 0x41\n' "$core" "$3"
    printf 'CPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: %s\nCPU revision\t: 1\n\n' "$2"
  done >"$work/$1/proc/cpuinfo"
}
old='fp asimd evtstrm aes pmull sha1 sha2 crc32'
arm_root cortex-a57 0xd07 "$old"
arm_root neoverse-n1 0xd0c "$old atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp ssbs"

passed=0 failed=0
count=(8 150) # sequences, steps
bounded() { # COMMAND...: a program, or calm, which bounds itself
  case $1 in calm) "$@" ;; *) timeout 280 "$@" ;; esac
}
hashes() { # COMMAND...: the hashes that it prints
  bounded "$@" 2>"$work/errors" | grep -o 'logits=[0-9a-f]* frequencies=[0-9a-f]*'
}
expect() { # same|other NAME COMMAND...
  local want=$1 name=$2 begin=$SECONDS got verdict=passed
  shift 2
  got=$(hashes "$@")
  if [ -z "$got" ]; then
    verdict="FAILED: no result: $(grep -v '^qemu.*warning' "$work/errors" | head -n 1)"
  elif [ "$want" = same ] && [ "$got" != "$reference" ]; then
    verdict="FAILED: $got"
  elif [ "$want" = other ] && [ "$got" = "$reference" ]; then
    verdict='FAILED: the hashes do not notice'
  fi
  if [ "$verdict" = passed ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  printf '%-46s %3d s  %s\n' "$name" $((SECONDS - begin)) "$verdict"
}

# QEMU 7 crashes .NET programs whose threads are stopped inside managed loops, ours or anybody's: so no collections, no
# recompilation and no other thread, for which they are stopped.
calm() { # QEMU ARGUMENTS...: with a .NET program
  DOTNET_GCgen0size=80000000 DOTNET_gcConcurrent=0 DOTNET_TieredCompilation=0 DOTNET_PROCESSOR_COUNT=1 timeout 280 "$@"
}

reference=$(hashes dotnet "$program" "$snapshot" "${count[@]}" 1) \
  || { cat "$work/errors"; fail '.NET gives no result on this machine'; }
printf 'reference, .NET here, batch 1: %s\n' "$reference"
less=("$program" "$snapshot" "${count[0]}" $((count[1] - 1)) 8)
net8=("$program" "$snapshot" "${count[@]}" 8)
c8=("$snapshot" "${count[@]}" 8)
c3all=("$snapshot" "${count[@]}" 3 99)

expect other 'control: one step less'                     dotnet "${less[@]}"
expect same  '.NET here, batch 8'                         dotnet "${net8[@]}"
expect same  'C here, batch 8'                            "$work/driver" "$x64" "${c8[@]}"
expect same  'C here, newer library, batch 3, optimised'  "$work/driver" "$newer" "${c3all[@]}"
expect same  '.NET, Haswell (AVX2), batch 8'              calm qemu-x86_64 -cpu Haswell "$dotnet" "${net8[@]}"
expect same  '.NET, Nehalem (SSE4), batch 8'              calm qemu-x86_64 -cpu Nehalem "$dotnet" "${net8[@]}"
expect same  'C, Haswell (AVX2), batch 8'                 qemu-x86_64 -cpu Haswell "$work/driver" "$x64" "${c8[@]}"
expect same  'C, Haswell (AVX2), batch 3, optimised'      qemu-x86_64 -cpu Haswell "$work/driver" "$x64" "${c3all[@]}"
expect same  'C, SandyBridge (AVX), batch 8'              qemu-x86_64 -cpu SandyBridge "$work/driver" "$x64" "${c8[@]}"
expect same  'C, Nehalem (SSE4), batch 8'                 qemu-x86_64 -cpu Nehalem "$work/driver" "$x64" "${c8[@]}"
expect same  'C, Nehalem (SSE4), batch 3, optimised'      qemu-x86_64 -cpu Nehalem "$work/driver" "$x64" "${c3all[@]}"
for core in neoverse-n1 cortex-a57; do
  emulated=(qemu-aarch64 -L "$work/$core" -cpu $core)
  expect same ".NET, ARM64 $core, batch 8"         calm "${emulated[@]}" "$exactness" "${net8[@]:1}"
  expect same "C, ARM64 $core, batch 8"            "${emulated[@]}" "$work/driver-arm64" "$arm" "${c8[@]}"
  expect same "C, ARM64 $core, batch 3, optimised" "${emulated[@]}" "$work/driver-arm64" "$arm" "${c3all[@]}"
done

# The context mixing of a small model, trained there: integers alone, but vectors of them.
reference=$(hashes dotnet "$program" context-mixing) || {
  cat "$work/errors"
  fail '.NET trains no context mixing on this machine'
}
mixing=("$dotnet" "$program" context-mixing)
expect same 'context mixing, Haswell (AVX2)'             calm qemu-x86_64 -cpu Haswell "${mixing[@]}"
expect same 'context mixing, Nehalem (SSE4)'             calm qemu-x86_64 -cpu Nehalem "${mixing[@]}"
emulated=(qemu-aarch64 -L "$work/cortex-a57" -cpu cortex-a57)
expect same 'context mixing, ARM64 cortex-a57'           calm "${emulated[@]}" "$exactness" context-mixing

# Images and sounds: their least squares are the one place with doubles.
reference=$(hashes dotnet "$program" media) || { cat "$work/errors"; fail '.NET codes no media on this machine'; }
media=("$dotnet" "$program" media)
expect same 'media, Haswell (AVX2)'                      calm qemu-x86_64 -cpu Haswell "${media[@]}"
expect same 'media, Nehalem (SSE4)'                      calm qemu-x86_64 -cpu Nehalem "${media[@]}"
expect same 'media, ARM64 cortex-a57'                    calm "${emulated[@]}" "$exactness" media

# Primed mixing: integers alone, but vectors of them.
reference=$(hashes dotnet "$program" primed) || { cat "$work/errors"; fail '.NET codes nothing primed here'; }
primed=("$dotnet" "$program" primed)
expect same 'primed mixing, Haswell (AVX2)'              calm qemu-x86_64 -cpu Haswell "${primed[@]}"
expect same 'primed mixing, Nehalem (SSE4)'              calm qemu-x86_64 -cpu Nehalem "${primed[@]}"
expect same 'primed mixing, ARM64 cortex-a57'            calm "${emulated[@]}" "$exactness" primed

# A small language network of head norms and biases, written here: its tables and ranges are data. ONNX Runtime in the
# .NET program.
dotnet "$program" language-store "$work/language.bin" || fail 'no language network can be written here'
reference=$(hashes dotnet "$program" language "$work/language.bin") \
  || { cat "$work/errors"; fail '.NET runs no language network on this machine'; }
language=("$program" language "$work/language.bin")
for cpu in Haswell SandyBridge Nehalem; do
  expect same "language, $cpu"                    calm qemu-x86_64 -cpu $cpu "$dotnet" "${language[@]}"
done
for core in neoverse-n1 cortex-a57; do
  emulated=(qemu-aarch64 -L "$work/$core" -cpu $core)
  expect same "language, ARM64 $core"             calm "${emulated[@]}" "$exactness" "${language[@]:1}"
done

# Whole messages through a network that is made of integers, coded in 32 lanes and decoded in one. The first hash is
# LanguageMessageTests' as well.
reference='logits=451daaec3187465d973fcf38e652049d777cf8e8e37e77582b1da7b094c821aa'
reference+=' frequencies=9cb60f5f2fe87c8adf03e9443b94ec84d4265e45ac522032c211bf8cacb1fa02'
expect same 'messages, here'                      dotnet "$program" messages
for cpu in Haswell SandyBridge Nehalem; do
  expect same "messages, $cpu"                    calm qemu-x86_64 -cpu $cpu "$dotnet" "$program" messages
done
for core in neoverse-n1 cortex-a57; do
  emulated=(qemu-aarch64 -L "$work/$core" -cpu $core)
  expect same "messages, ARM64 $core"             calm "${emulated[@]}" "$exactness" messages
done

# The whole way: packed here, unpacked by the tool on an emulated machine, and the other way round.
crosses() { # NAME PACK-COMMAND... -- UNPACK-COMMAND...
  local name=$1 begin=$SECONDS verdict=passed pack=()
  shift
  while [ "$1" != -- ]; do pack+=("$1"); shift; done
  shift
  rm -f "$work/packed" "$work/unpacked"
  bounded "${pack[@]}" pack "$work/messages" -o "$work/packed" --snapshot "$snapshot" >"$work/errors" 2>&1 \
    && bounded "$@" unpack "$work/packed" -o "$work/unpacked" --snapshot "$snapshot" >"$work/errors" 2>&1 \
    && cmp "$work/messages" "$work/unpacked" >"$work/errors" 2>&1 || verdict="FAILED: $(tail -n 1 "$work/errors")"
  if [ "$verdict" = passed ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  printf '%-46s %3d s  %s\n' "$name" $((SECONDS - begin)) "$verdict"
}
attempt 'the tool does not build' dotnet build "$root/tools/LinkCodec.Tool" -c Release -v quiet -nologo
tool=$root/tools/LinkCodec.Tool/bin/Release/net10.0/LinkCodec.Tool.dll
for sample in metar.txt telemetry.jsonl prose.txt; do head -n 4 "$root/samples/messages/$sample"; done >"$work/messages"
haswell=(calm qemu-x86_64 -cpu Haswell "$dotnet" "$tool")
crosses 'packed here, unpacked on Haswell'          dotnet "$tool" -- "${haswell[@]}"
crosses 'packed on Haswell, unpacked here'          "${haswell[@]}" -- dotnet "$tool"

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
