// SPDX-License-Identifier: Apache-2.0
import { readAddress, type Address } from '@securemail/contracts';
import { compareSenders, type Certificate, type OpenedMessage } from '@securemail/smime';
import { judge, shownFrom, type Judged } from '../domain/received/verdict.ts';
import type { OpeningMeans, Received } from './received.ts';
import { knownOf, standingsOf } from './standings.ts';

/** Whom a mail is from as its reader sees it; null where that is not plainly one. */
function fromIn(opened: OpenedMessage<unknown>): Address | null {
  const shown = shownFrom(compareSenders(opened), opened);
  const read = shown === null ? null : readAddress(shown);
  return read?.ok === true ? read.address : null;
}

/**
 * What is known here of certificates of whom a mail is from and of his organisation, where a signature came without the one
 * that it was made with; else nothing. Whether one of them is the signer's the signature says, which names it.
 */
export async function certificatesMissingIn(
  opened: OpenedMessage<unknown>,
  { acceptedAt }: Pick<Received, 'acceptedAt'>,
  { directoryFor }: Pick<OpeningMeans, 'directoryFor'>,
): Promise<readonly Certificate[]> {
  const missing = opened.layers.some(
    (layer) =>
      layer.kind === 'signed' &&
      layer.signatures.some(({ problems }) => problems.includes('certificate-missing')),
  );
  const from = missing ? fromIn(opened) : null;
  if (from === null) return [];
  return knownOf(from, await directoryFor(from), new Date(acceptedAt)).map(({ certificate }) => certificate);
}

/** The verdict on an opened mail, as of when it was received, and whom it is from; null where that is not plainly one. */
export async function judgeOpened(
  opened: OpenedMessage<unknown>,
  { arrival, acceptedAt }: Received,
  { directory, directoryFor, revocation }: OpeningMeans,
): Promise<{ judged: Judged; from: Address | null }> {
  const from = fromIn(opened);
  const signed = opened.layers.some(
    (layer) => layer.kind === 'signed' && layer.signatures.some(({ verified }) => verified),
  );
  const known = signed && from !== null ? await directoryFor(from) : directory;
  const standings = await standingsOf(opened, {
    directory: known,
    revocation,
    at: new Date(acceptedAt),
    from,
  });
  const authenticationFailed = arrival.authentication.dmarc.result === 'fail';
  return { judged: judge(opened, { standings, authenticationFailed }), from };
}
