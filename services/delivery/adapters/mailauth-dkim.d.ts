// SPDX-License-Identifier: Apache-2.0

/** `mailauth` has no types for its signer. */
declare module 'mailauth/lib/dkim/sign.js' {
  import type { Readable } from 'node:stream';
  import type { DkimOptions } from 'mailauth/lib/dkim/dkim-signer.js';

  /** `signatures`: header lines to stand before the message, each with its CRLF. */
  export function dkimSign(
    message: Buffer | Readable,
    options: DkimOptions,
  ): Promise<{ signatures: string; errors: unknown[] }>;
}

declare module 'mailauth/lib/dkim/dkim-signer.js' {
  import { Writable } from 'node:stream';

  export interface DkimOptions {
    canonicalization: 'relaxed/relaxed';
    signTime: Date;
    headerList: readonly string[];
    signatureData: { signingDomain: string; selector: string; privateKey: string }[];
  }
  /** The fields of a message, the first above: `key` in small letters, `casedKey` as it is named in a signature. */
  export interface ParsedHeaders {
    parsed: { key: string; casedKey: string }[];
  }
  /** Takes a message. Once all of it is there, `signatureHeaders` are lines to stand before it, without a CRLF at their ends. */
  export class DkimSigner extends Writable {
    constructor(options: DkimOptions);
    readonly signatureHeaders: readonly string[];
    readonly errors: readonly unknown[];
    protected messageHeaders(headers: ParsedHeaders): Promise<void>;
  }
}
