// SPDX-License-Identifier: Apache-2.0

/** `mailauth` has no types for its signer. */
declare module 'mailauth/lib/dkim/sign.js' {
  import type { Readable } from 'node:stream';

  export interface DkimOptions {
    canonicalization: 'relaxed/relaxed';
    signTime: Date;
    headerList: readonly string[];
    signatureData: { signingDomain: string; selector: string; privateKey: string }[];
  }
  /** `signatures`: header lines to stand before the message, each with its CRLF. */
  export function dkimSign(
    message: Buffer | Readable,
    options: DkimOptions,
  ): Promise<{ signatures: string; errors: unknown[] }>;
}
