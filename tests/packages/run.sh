#!/usr/bin/env bash
# Packs the SDK and uses the package as anybody would: a new console project, one added package, the example of
# samples/SendReceive.
# usage: tests/packages/run.sh      after a Release build; needs no network; the last line is "N passed, N failed"
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

passed=0 failed=0
try() { # NAME COMMAND...
  local name=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$name"
    tail -n 20 "$work/log"
  fi
}
# The packages that the build has fetched are the only other source. What is restored from there must not lie among
# them.
use() {
  cat >"$work/nuget.config" <<END
<configuration>
  <packageSources>
    <clear />
    <add key="packed" value="$work/feed" />
    <add key="fetched" value="$(dotnet msbuild "$root/sdk/LinkCodec" -getProperty:NuGetPackageRoot)" />
  </packageSources>
</configuration>
END
  export NUGET_PACKAGES=$work/packages
  cd "$work" && dotnet new console -o app --no-restore && cd app && dotnet add package LinkCodec \
    && cp "$root/samples/SendReceive/Program.cs" . && dotnet build -c Release -warnaserror
}
# How many bytes were sent depends on time: repairs.
deliver() { dotnet "$1" | sed 's/; [0-9]* bytes sent.*//'; }
delivers() {
  deliver "$work/app/bin/Release/net10.0/app.dll" >"$work/here" \
    && deliver "$root/samples/SendReceive/bin/Release/net10.0/SendReceive.dll" | diff "$work/here" -
}
# What makes snapshots is a package of its own.
runs_only() { ! ls "$work/app/bin/Release/net10.0" | grep -E '^(LinkCodec\.ModelBuilder|MathNet)'; }
has_readme() {
  local package
  for package in "$work"/feed/*.nupkg; do python3 -m zipfile -l "$package" | grep '^README.md ' || return; done
}

try 'the SDK is packed' dotnet pack "$root/LinkCodec.sln" -c Release --no-build -o "$work/feed" -v quiet -nologo
try 'every package has the README' has_readme
try 'a new project builds with the package' use
try 'it carries nothing that makes snapshots' runs_only
try 'it sends and receives' delivers
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
