// SPDX-License-Identifier: Apache-2.0
import { addressesOf, headerAlone } from '@securemail/mime';
import { seenSubject } from '../domain/conversation-name.ts';

/** What a list says of a message. */
export interface Head {
  subject: string;
  from: readonly { name: string; address: string | null }[];
}

/** Reads no further than the header. @throws as `headerAlone` */
export async function headOf(source: AsyncIterable<Buffer>): Promise<Head> {
  const header = await headerAlone(source);
  return {
    subject: seenSubject(header.get('Subject') ?? ''),
    from: addressesOf(header, 'From').map(({ address, name }) => ({ address, name: name ?? '' })),
  };
}
