#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes locked-jars.ts from pom.xml: the place in a Maven repository and the SHA-256 of each jar.
set -eu
cd "$(dirname "$0")"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mvn -q -B -f pom.xml dependency:copy-dependencies -DincludeScope=runtime \
  -Dmdep.useRepositoryLayout=true -DoutputDirectory="$out"
version=$(sed -n '/kafka_2.13/{n;s/.*<version>\(.*\)<.*/\1/p;}' pom.xml)
{
  echo "// SPDX-License-Identifier: Apache-2.0"
  echo "/** Written by lock-jars.sh from pom.xml: every jar of a broker. Do not edit. */"
  echo "export const KAFKA_VERSION = '$version';"
  echo "export const LOCKED_JARS = ["
  (cd "$out" && find . -name '*.jar' | sed 's|^\./||' | LC_ALL=C sort | xargs sha256sum) |
    sed "s|^\([0-9a-f]*\)  \(.*\)$|  { path: '\2', sha256: '\1' },|"
  echo "];"
} > locked-jars.ts
npx prettier --log-level silent -w locked-jars.ts
