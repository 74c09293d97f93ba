// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { openMessage, type Layer, type MimeEntity, type Opening, type Signature } from '../index.ts';
import { inChunks } from './in-chunks.ts';

/** Opens a message that lies in memory, cut into chunks of these sizes, and keeps its content in memory. */
export function openBytes(message: Buffer, options: Omit<Opening<Buffer>, 'keep'> = {}, ...cuts: number[]) {
  const source = inChunks(message, ...(cuts.length === 0 ? [64 * 1024] : cuts));
  return openMessage(source, { ...options, keep: buffer });
}

export const bytesOf = (entity: Pick<MimeEntity, 'open'>) => buffer(entity.open());

/** An entity as a message from somebody. */
export const asMessage = async (entity: Pick<MimeEntity, 'open'>, from = 'aske@a.example') =>
  Buffer.concat([Buffer.from(`From: ${from}\r\nMIME-Version: 1.0\r\n`), await bytesOf(entity)]);

/** What a test asks of the signatures of all layers. */
export const signaturesIn = (layers: readonly Layer[]): readonly Signature[] =>
  layers.flatMap((layer) => (layer.kind === 'signed' ? layer.signatures : []));

/** A message whose CMS object is in binary, so that each of its octets can be changed; another one as it is. */
export function inBinary(message: Buffer): Buffer {
  const text = message.toString('latin1');
  const body = text.indexOf('\r\n\r\n') + '\r\n\r\n'.length;
  const header = text.slice(0, body);
  if (!header.includes('pkcs7-mime') || !header.includes('base64')) return message;
  return Buffer.concat([message.subarray(0, body), Buffer.from(text.slice(body), 'base64')]);
}
