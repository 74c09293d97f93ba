// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

/** What a list is encoded in: UTF-8, or as its byte order mark says UTF-16, which Excel writes as "Unicode text". */
const ENCODINGS: readonly [mark: Buffer, encoding: string][] = [
  [Buffer.of(0xff, 0xfe), 'utf-16le'],
  [Buffer.of(0xfe, 0xff), 'utf-16be'],
];

async function encodingOf(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const begin = buffer.subarray(0, bytesRead);
    return ENCODINGS.find(([mark]) => mark.equals(begin))?.[1] ?? 'utf-8';
  } finally {
    await handle.close();
  }
}

/**
 * A list as it comes.
 *
 * @throws UnreadableListError where it is no text: each line of it would be refused for something else.
 */
export async function* textOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(await encodingOf(path));
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const text = decoder.decode(chunk, { stream: true });
    if (text.includes('\0')) throw new UnreadableListError();
    yield text;
  }
  yield decoder.decode();
}

export class UnreadableListError extends Error {
  override message =
    'it is no text in UTF-8, nor in UTF-16 with a byte order mark: save it as UTF-8, in Excel as "CSV UTF-8"';
}
