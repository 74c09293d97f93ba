// SPDX-License-Identifier: Apache-2.0

/** Imported before anything else by what is run, so that an older Node is told in a sentence and not in a stack. */
/** With argon2 in `node:crypto`. */
const OLDEST = [24, 7] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(
    `Secure@Mail needs Node ${OLDEST.join('.')} or newer, and this is ${process.versions.node}: write "npx node" for "node", that is the one it brought.\n`,
  );
  // 1 is an answer of `securemail verify`.
  process.exit(2);
}
