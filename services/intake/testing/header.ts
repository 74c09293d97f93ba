// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { readHeader, type Header } from '@securemail/mime';

/** The header that these lines make. */
export async function headerWith(...lines: string[]): Promise<Header> {
  const { header } = await readHeader(Readable.from([Buffer.from([...lines, '', ''].join('\r\n'))]));
  return header;
}
