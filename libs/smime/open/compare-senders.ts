// SPDX-License-Identifier: Apache-2.0
import { addressesOf, type Header } from '@securemail/mime';
import { readMailbox } from '../certificates/names/mailbox.ts';
import type { OpenedMessage } from './open-message.ts';
import { isSingleMailbox } from './single-mailbox.ts';

/** Addresses as written, without names. */
export interface Senders {
  readonly from: readonly string[];
  readonly sender: readonly string[];
}

/** Why the person whom a mail program shows may be another than the one who signed. */
export type SenderProblem =
  /** From names nobody or several, is not plainly one, or stands twice: programs differ on whom they show. */
  | 'no-single-from'
  /** The protected From (RFC 9788) and the outer one differ. */
  | 'from-differs'
  /** No verified signature of the content is by a certificate that names the address in From. */
  | 'from-not-signer'
  /** Such a certificate names the address in Sender, but not the one in From (RFC 8550 §3). */
  | 'sender-is-signer'
  /** The innermost signature is around an encryption: who made it need not have known the content, nor written it. */
  | 'only-ciphertext-signed';

export interface SenderComparison {
  readonly outer: Senders;
  /** Null where the content has no From of its own. It is signed where the innermost signed layer is verified. */
  readonly inner: Senders | null;
  /** The mailboxes in the certificates of the verified signatures of the innermost signed layer. */
  readonly signers: readonly (readonly string[])[];
  readonly problems: readonly SenderProblem[];
}

/**
 * Compares who a message says it is from with who signed its content. The inner From counts where there is one. ASCII
 * case does not count. Of signatures further out, a gateway's for instance, nothing is said here.
 */
export function compareSenders({
  header,
  contentHeader,
  layers,
}: Pick<OpenedMessage<unknown>, 'header' | 'contentHeader' | 'layers'>): SenderComparison {
  const outer = sendersIn(header);
  const hasInner = layers.length > 0 && contentHeader?.fields.some(({ name }) => isFrom(name)) === true;
  const inner = hasInner ? sendersIn(contentHeader) : null;
  const depth = layers.findLastIndex((layer) => layer.kind === 'signed');
  const signed = layers[depth];
  const signers = (signed?.kind === 'signed' ? signed.signatures : []).flatMap(({ verified, certificate }) =>
    verified && certificate !== null ? [certificate.emails] : [],
  );
  const shown = inner ?? outer;
  const signing = new Set(signers.flat().map(comparable));
  const named = (addresses: readonly string[]) =>
    addresses.some((address) => signing.has(comparable(address)));
  const problems: SenderProblem[] = [];
  const headers = [header, ...(hasInner ? [contentHeader] : [])];
  if (shown.from.length !== 1 || !headers.every(hasSingleFrom)) problems.push('no-single-from');
  if (inner !== null && !sameAddresses(inner.from, outer.from)) problems.push('from-differs');
  if (!named(shown.from)) problems.push(named(shown.sender) ? 'sender-is-signer' : 'from-not-signer');
  const inside = layers.slice(depth + 1);
  if (depth >= 0 && inside.some(({ kind }) => kind === 'encrypted')) problems.push('only-ciphertext-signed');
  return { outer, inner, signers, problems };
}

const isFrom = (name: string) => name.toLowerCase() === 'from';

/** An outer header may have none where it stands inside. */
function hasSingleFrom(header: Header): boolean {
  const fields = header.fields.filter(({ name }) => isFrom(name));
  return fields.length <= 1 && fields.every(isSingleMailbox);
}

const sendersIn = (header: Header): Senders => ({
  from: addressesOf(header, 'From').map(({ address }) => address),
  sender: addressesOf(header, 'Sender').map(({ address }) => address),
});

/** The same text for the same mailbox. What is no address is compared as it stands: two of the same do not differ. */
function comparable(address: string): string {
  const mailbox = readMailbox(address);
  return mailbox === null ? address : `${mailbox.local}@${mailbox.domain}`;
}

function sameAddresses(one: readonly string[], other: readonly string[]): boolean {
  const others = new Set(other.map(comparable));
  return one.length === other.length && one.every((address) => others.has(comparable(address)));
}
