// SPDX-License-Identifier: Apache-2.0
import { readHeader, type Header } from '@securemail/mime';
import type { Message } from './received-message.ts';

/** Octets: a mail may come with 256 KiB of header, have as much inside its protection, and gets our fields. */
const MOST_HEADER = 1024 * 1024;

/**
 * The header alone; the rest is not read.
 *
 * @throws what the message throws; MalformedMessageError where it has no header.
 */
export async function headerOfMessage(message: Message): Promise<Header> {
  const { header, body } = await readHeader(message(), { maxHeaderBytes: MOST_HEADER });
  await body[Symbol.asyncIterator]().return?.();
  return header;
}
