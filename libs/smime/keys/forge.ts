// SPDX-License-Identifier: Apache-2.0
import forge from 'node-forge';

type Digest = forge.md.MessageDigest | forge.md.Algorithm;

/**
 * node-forge, deriving keys from passwords (PBKDF2, RFC 8018 section 5.2) by Node's own code. Where it reads PKCS#12 it
 * names the digest by an object and then computes in JavaScript, a hundred times slower: a file of many iterations
 * stopped everything else for seconds. Asked by the digest's name it leaves the work to Node.
 */
const derive = forge.pkcs5.pbkdf2;
forge.pkcs5.pbkdf2 = ((
  password: string,
  salt: string,
  iterations: number,
  octets: number,
  digest: Digest = 'sha1',
) => derive(password, salt, iterations, octets, nameOf(digest))) as typeof derive;

const nameOf = (digest: Digest): forge.md.Algorithm =>
  typeof digest === 'string' ? digest : digest.algorithm;

export { forge };
