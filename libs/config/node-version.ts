// SPDX-License-Identifier: Apache-2.0

/** Imported before anything else by what is run, so that an older Node is told in a sentence and not in a stack. */
const OLDEST = 24;

const [major = '0'] = process.versions.node.split('.');
if (Number(major) < OLDEST) {
  process.stderr.write(
    `Secure@Mail needs Node ${OLDEST} or newer, and this is ${process.versions.node}: write "npx node" for "node", that is the one it brought.\n`,
  );
  // 1 is an answer of `securemail verify`.
  process.exit(2);
}
