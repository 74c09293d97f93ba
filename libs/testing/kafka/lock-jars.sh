#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes jars.json from pom.xml: path in a Maven repository and SHA-256 of each jar. Needs mvn, jq, sha256sum.
set -eu
cd "$(dirname "$0")"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mvn -q -B -f pom.xml dependency:copy-dependencies -DincludeScope=runtime \
  -Dmdep.useRepositoryLayout=true -DoutputDirectory="$out"
version=$(sed -n '/kafka_2.13/{n;s/.*<version>\(.*\)<.*/\1/p;}' pom.xml)
(cd "$out" && find . -name '*.jar' | sed 's|^\./||' | LC_ALL=C sort | xargs sha256sum) |
  jq -R -n --arg version "$version" '{
    version: $version,
    jars: [inputs | split("  ") | { file: (.[1] | split("/") | last), path: .[1], sha256: .[0] }]
  }' > jars.json
