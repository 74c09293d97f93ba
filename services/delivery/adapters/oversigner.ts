// SPDX-License-Identifier: Apache-2.0
import { DkimSigner, type DkimOptions, type ParsedHeaders } from 'mailauth/lib/dkim/dkim-signer.js';

/** What readers are shown, and what says where their answer goes: nobody adds another one of it (RFC 6376 §8.15). */
const NO_MORE_OF = ['From', 'Reply-To', 'To', 'Cc', 'Subject', 'Date'];

/**
 * Names these fields once more than they are there, so that a signature is broken by whoever puts another one before them.
 * The library names what is there alone, the lowest first: what is named last stands behind all of it.
 */
export class Oversigner extends DkimSigner {
  readonly #signed: ReadonlySet<string>;
  constructor(options: DkimOptions) {
    super(options);
    this.#signed = new Set(options.headerList.map((name) => name.toLowerCase()));
  }

  protected override async messageHeaders(headers: ParsedHeaders): Promise<void> {
    const highest = headers.parsed.find(({ key }) => this.#signed.has(key));
    if (highest !== undefined) highest.casedKey = [highest.casedKey, ...NO_MORE_OF].join(': ');
    await super.messageHeaders(headers);
  }
}
