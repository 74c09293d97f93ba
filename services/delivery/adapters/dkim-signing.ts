// SPDX-License-Identifier: Apache-2.0
import { pipeline } from 'node:stream/promises';
import { domainOf, readAddress } from '@securemail/contracts';
import { addressesOf, headerAlone, MalformedMessageError } from '@securemail/mime';
import { isWithin } from '@securemail/service';
import type { DkimKey } from './dkim-keys.ts';
import type { Handover } from './handover.ts';
import { Oversigner } from './oversigner.ts';

/** What tells readers what they have before them (RFC 6376 §5.4.1). */
const SIGNED = [
  ...['From', 'Sender', 'Reply-To', 'To', 'Cc', 'Subject', 'Date', 'Message-ID', 'In-Reply-To', 'References'],
  ...['Auto-Submitted', 'MIME-Version', 'Content-Type', 'Content-Transfer-Encoding'],
];
/** What a signature takes at most, by which the announced size grows. */
const SIGNATURE_OCTETS = 2_048;

/**
 * The same handover with the signatures of the domain in From before it, made when it is sent. Its octets are the same at
 * each attempt: readers take a mail that comes twice for one.
 *
 * @param at when it was written.
 */
export function signedHandover(handover: Handover, keys: readonly DkimKey[], at: Date): Handover {
  if (keys.length === 0) return handover;
  let signatures: Promise<Buffer> | undefined;
  return {
    ...handover,
    size: handover.size + keys.length * SIGNATURE_OCTETS,
    async *open() {
      signatures ??= signaturesOf(handover, keys, at);
      const made = await signatures;
      if (made.length > 0) yield made;
      yield* handover.open();
    },
  };
}

async function signaturesOf(handover: Handover, keys: readonly DkimKey[], at: Date): Promise<Buffer> {
  const signers = keysFor(await authorDomainOf(handover), keys);
  if (signers.length === 0) return Buffer.alloc(0);
  const signer = new Oversigner({
    canonicalization: 'relaxed/relaxed',
    signTime: at,
    headerList: SIGNED,
    signatureData: signers.map(({ domain, selector, privateKey }) => ({
      signingDomain: domain,
      selector,
      privateKey,
    })),
  });
  await pipeline(handover.open(), signer);
  // What is not signed although it should be is taken for a forgery.
  if (signer.errors.length > 0) throw new Error('a mail could not be signed with DKIM');
  return Buffer.from(signer.signatureHeaders.map((line) => `${line}\r\n`).join(''), 'latin1');
}

/** Those of the domain itself, else of the nearest one above it. */
function keysFor(author: string | null, keys: readonly DkimKey[]): DkimKey[] {
  const above = keys.filter(({ domain }) => author !== null && isWithin(author, domain));
  const nearest = Math.max(...above.map(({ domain }) => domain.length));
  return above.filter(({ domain }) => domain.length === nearest);
}

/** Of From, by which DMARC goes; of who sends it where that names nobody, or several. */
async function authorDomainOf({ open, mailFrom }: Handover): Promise<string | null> {
  const authors = await headerAlone(open())
    .then((header) => addressesOf(header, 'From'))
    .catch((error: unknown) => {
      if (error instanceof MalformedMessageError) return [];
      throw error;
    });
  const [author, another] = authors;
  const read = author === undefined || another !== undefined ? null : readAddress(author.address);
  if (read?.ok === true) return domainOf(read.address);
  return mailFrom === '' ? null : domainOf(mailFrom);
}
