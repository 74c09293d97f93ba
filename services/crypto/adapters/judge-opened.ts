// SPDX-License-Identifier: Apache-2.0
import { readAddress, type Address } from '@securemail/contracts';
import { compareSenders, type OpenedMessage } from '@securemail/smime';
import { judge, shownFrom, type Judged } from '../domain/received/verdict.ts';
import type { OpeningMeans, Received } from './received.ts';
import { standingsOf } from './standings.ts';

/** The verdict on an opened mail, and whom it is from; null where that is not plainly one. */
export async function judgeOpened(
  opened: OpenedMessage<unknown>,
  { arrival }: Received,
  { directory, directoryFor, revocation, at }: OpeningMeans,
): Promise<{ judged: Judged; from: Address | null }> {
  const shown = shownFrom(compareSenders(opened), opened);
  const read = shown === null ? null : readAddress(shown);
  const from = read?.ok === true ? read.address : null;
  const signed = opened.layers.some(
    (layer) => layer.kind === 'signed' && layer.signatures.some(({ verified }) => verified),
  );
  const known = signed && from !== null ? await directoryFor(from) : directory;
  const standings = await standingsOf(opened, { directory: known, revocation, at, from });
  const authenticationFailed = arrival.authentication.dmarc.result === 'fail';
  return { judged: judge(opened, { standings, authenticationFailed }), from };
}
