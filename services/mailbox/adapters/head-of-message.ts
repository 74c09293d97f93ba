// SPDX-License-Identifier: Apache-2.0
import { addressesOf, readHeader } from '@securemail/mime';

/** What a list says of a message. */
export interface Head {
  subject: string;
  from: readonly { name: string; address: string | null }[];
}

/** Octets: a mail may come with 256 KiB of header, and gets our fields. */
const MOST_HEADER = 1024 * 1024;

/**
 * Reads no further than the header.
 *
 * @throws what the source throws; MalformedMessageError where it has no header.
 */
export async function headOf(source: AsyncIterable<Buffer>): Promise<Head> {
  const { header, body } = await readHeader(source, { maxHeaderBytes: MOST_HEADER });
  await body[Symbol.asyncIterator]().return?.();
  return {
    subject: header.get('Subject') ?? '',
    from: addressesOf(header, 'From').map(({ address, name }) => ({ address, name: name ?? '' })),
  };
}
