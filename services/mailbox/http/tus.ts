// SPDX-License-Identifier: Apache-2.0
import { createHash, randomUUID, type Hash } from 'node:crypto';
import { Problem } from '@securemail/service';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { isWhole, type DraftFile } from '../adapters/draft-files.ts';

/** The protocol for uploads that go on where they broke off (tus.io, 1.0.0), as far as it is not about storing. */
const VERSION = '1.0.0';
const EXTENSIONS = 'creation,creation-with-upload,termination,expiration,checksum';
const CHECKSUMS = ['sha256', 'sha1'];
export const UPLOAD_TYPE = 'application/offset+octet-stream';

const Octets = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const FileName = z.string().min(1).max(1_000);

/** @throws Problem `tus-version-not-taken` */
export function requireTus(request: Request, response: Response): void {
  response.set('Tus-Resumable', VERSION);
  if (request.headers['tus-resumable'] === VERSION) return;
  throw new Problem(
    'tus-version-not-taken',
    `Tus-Resumable is to be ${VERSION}.`,
    {},
    { 'Tus-Version': VERSION },
  );
}

/** What is spoken here. */
export function announceTus(response: Response, maxBytes: number): void {
  response.set({
    'Tus-Resumable': VERSION,
    'Tus-Version': VERSION,
    'Tus-Extension': EXTENSIONS,
    'Tus-Max-Size': String(maxBytes),
    'Tus-Checksum-Algorithm': CHECKSUMS.join(','),
  });
}

/** @returns `fileId`: as who begins it wants to name it, by which a request whose answer was lost does nothing new. */
export function readCreation({ headers }: Request): { size: number; name: string; fileId: string } {
  if (headers['upload-concat'] !== undefined) throw wrong('Files are not put together here (concatenation).');
  const size = Octets.safeParse(headers['upload-length']);
  if (!size.success) throw wrong('Upload-Length is to be the octets of the file.');
  const metadata = new Map(
    String(headers['upload-metadata'] ?? '')
      .split(',')
      .map((pair) => pair.trim().split(' '))
      .map(([key = '', value = '']) => [key, Buffer.from(value, 'base64').toString()] as const),
  );
  const name = FileName.safeParse(metadata.get('filename'));
  if (!name.success) throw wrong('Upload-Metadata is to have the name of the file as filename.');
  const fileId = z.uuid().default(randomUUID).safeParse(metadata.get('id'));
  if (!fileId.success) throw wrong('The id in Upload-Metadata is to be a UUID.');
  return { size: size.data, name: name.data, fileId: fileId.data.toLowerCase() };
}

/** @throws Problem `wrong-offset`, `invalid-request`, `unsupported-media-type` */
export function requireOffset({ headers }: Request, { received }: DraftFile): void {
  if (headers['content-type'] !== UPLOAD_TYPE)
    throw new Problem('unsupported-media-type', `Content-Type is to be ${UPLOAD_TYPE}.`);
  const offset = Octets.safeParse(headers['upload-offset']);
  if (!offset.success) throw wrong('Upload-Offset is to say how much came before.');
  if (offset.data !== received) throw wrongOffset(received);
}

export const wrongOffset = (received: number | null) =>
  new Problem(
    'wrong-offset',
    received === null ? 'Somebody else adds to it.' : `${received} octets have come.`,
    {},
  );

/** The digest that the body is to have. @throws Problem `checksum-not-taken` */
export function readChecksum({ headers }: Request): { hash: Hash; verify: () => void } | null {
  const field = headers['upload-checksum'];
  if (field === undefined) return null;
  const [algorithm = '', digest = ''] = String(field).split(' ');
  if (!CHECKSUMS.includes(algorithm))
    throw new Problem('checksum-not-taken', `Take ${CHECKSUMS.join(' or ')}.`, {});
  const hash = createHash(algorithm);
  return {
    hash,
    verify: () => {
      if (!hash.digest().equals(Buffer.from(digest, 'base64')))
        throw new Problem('wrong-checksum', 'Nothing of what came in this request was kept.');
    },
  };
}

/** How far a file is, and until when it can go on. @param keptFor milliseconds */
export function tellProgress(response: Response, file: DraftFile, keptFor: number): void {
  response.set({
    'Upload-Offset': String(file.received),
    'Upload-Length': String(file.size),
    'Cache-Control': 'no-store',
    ...(isWhole(file)
      ? {}
      : { 'Upload-Expires': new Date(file.touchedAt.getTime() + keptFor).toUTCString() }),
  });
}

const wrong = (detail: string) => new Problem('invalid-request', detail);
