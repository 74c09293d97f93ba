// SPDX-License-Identifier: Apache-2.0

// The library has no types of its own: what of it is used here.
declare module 'mailauth' {
  import type { Readable } from 'node:stream';

  interface Status {
    result: string;
  }

  export interface AuthenticateOptions {
    /** Of the connection; without it there is no SPF. */
    ip?: string;
    helo?: string;
    /** MAIL FROM; empty where there is none. */
    sender: string;
    /** Who says so. */
    mta?: string;
    /** As `dns.promises.resolve`: rejects with ENOTFOUND and ENODATA. */
    resolver: (name: string, type: string) => Promise<unknown[]>;
    disableBimi?: boolean;
  }

  export interface AuthenticateResult {
    spf: { domain?: string; status: Status } | false;
    dkim: { results: { signingDomain?: string; status: Status }[] };
    dmarc: { domain?: string; policy?: string; status: Status } | false;
    arc: { status: Status } | false;
  }

  /** Reads the message as it streams, and holds its header. */
  export function authenticate(
    message: Readable | Buffer,
    options: AuthenticateOptions,
  ): Promise<AuthenticateResult>;
}
