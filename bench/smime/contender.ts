// SPDX-License-Identifier: Apache-2.0
import type { KeyTransport } from '@securemail/smime';
import type { Cast } from './cast.ts';
import type { Case } from './cases.ts';

export interface Task extends Case {
  readonly cast: Cast;
  /** `bytes` octets of text in canonical form, a MIME entity. */
  readonly content: Buffer;
  /**
   * The content, signed and encrypted for this case's recipients: a message, to be opened by the first of them.
   *
   * @param keyTransport for RSA keys. OAEP, as pkijs can do nothing else, unless a contender cannot.
   */
  readonly message: (keyTransport?: KeyTransport) => Promise<Buffer>;
}

/** One that stands ready to do a task again and again. */
export interface Prepared {
  /** Does it once. @returns the MIME entity that was made, or the content of the message that was opened. */
  once(): Promise<Buffer>;
  /** Does it for at least so many seconds, and at least once. @returns operations a second. */
  rate(seconds: number): Promise<number>;
}

export interface Contender {
  /** @returns null where it cannot do this at all. */
  prepare(task: Task): Promise<Prepared | null>;
  close(): Promise<void>;
}
