#!/usr/bin/env bash
# Builds a project, solution or solution filter in Release; prints errors alone.
# usage: eng/build.sh PATH
set -euo pipefail
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! dotnet build "$1" -c Release -nologo -v quiet --tl:off >"$log" 2>&1; then
  # MSBuild repeats each error in its summary.
  grep -E ': (error|warning) ' "$log" | sed 's/^ *//' | sort -u >&2 || cat "$log" >&2
  exit 1
fi
