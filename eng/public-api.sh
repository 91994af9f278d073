#!/usr/bin/env bash
# Writes the public surface of the SDK's projects anew into their PublicAPI.Unshipped.txt. Review the difference.
# usage: eng/public-api.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for project in sdk/*/PublicAPI.Unshipped.txt; do echo '#nullable enable' >"$project"; done
# The analyzer misses every member then, and says which in the compiler's log.
for top in sdk/LinkCodec sdk/LinkCodec.ModelBuilder; do
  dotnet build "$top" -c Release -nologo -v quiet -clp:ErrorsOnly -p:TreatWarningsAsErrors=false \
    -p:ErrorLog=obj/public-api.sarif%2cversion=2.1
done
for project in sdk/*/PublicAPI.Unshipped.txt; do
  python3 - "$(dirname "$project")/obj/public-api.sarif" <<'END' >>"$project"
import json, sys
results = json.load(open(sys.argv[1], encoding="utf-8-sig"))["runs"][0]["results"]
print(*sorted({r["properties"]["customProperties"]["APIName"] for r in results if r["ruleId"] == "RS0016"}), sep="\n")
END
done
