// SPDX-License-Identifier: Apache-2.0

/**
 * All the cryptography by which a ledger is verified. `package.json` says which adapter `#primitives` is: Node's own
 * (`node.ts`), or, where pages are bundled for browsers, a library's (`browser.ts`).
 */
export interface Primitives {
  /** SHA-256 over the parts one after the other; texts as UTF-8. */
  sha256: (...parts: readonly (Uint8Array | string)[]) => Uint8Array;
  /** SHA-256 over what comes piece by piece. */
  newSha256: () => Digest;
  /** Whether it is an Ed25519 signature of the text (RFC 8032 §5.1.7); false for what is no key or no signature, too. */
  isSigned: (text: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean;
}

export interface Digest {
  update(octets: Uint8Array | string): void;
  /** Once, at the end. */
  digest(): Uint8Array;
}
