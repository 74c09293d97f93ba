// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import type { Language } from '@securemail/contracts';
import type { Signer } from '@securemail/smime';
import { attachSignatureCertificate } from '../attach/attach.ts';
import { digestOfEntity } from '../attach/digest-of-entity.ts';
import type { SignatureCertificateFacts } from '../facts/facts.ts';
import { makeSignatureCertificate, type SignatureCertificate } from '../make.ts';
import { sentFacts } from './facts.ts';

/** The octets in chunks of a size. */
// eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous
export async function* chunks(bytes: Buffer, size = bytes.length): AsyncGenerator<Buffer, void, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export interface Wrapped {
  readonly mail: Buffer;
  readonly certificate: SignatureCertificate;
}

/** A mail with its certificate, as the gateway makes it. */
export async function wrapped(
  message: string | Buffer,
  signer: Signer,
  { language = 'en', ...over }: Partial<SignatureCertificateFacts> & { language?: Language } = {},
): Promise<Wrapped> {
  const bytes = Buffer.from(message);
  const entity = await digestOfEntity(chunks(bytes));
  const facts = sentFacts({ ...over, entity });
  const certificate = await makeSignatureCertificate({ facts, language, signer });
  return { certificate, mail: await buffer(attachSignatureCertificate(chunks(bytes), certificate)) };
}

/** A mail of text, as a mail client writes it. */
export const MAIL = [
  'From: Anna <anna@demo.example>',
  'To: bo@citizen.example',
  'Subject: Journal',
  'Date: Mon, 02 Mar 2026 09:41:00 +0000',
  'Message-ID: <1@demo.example>',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  'Kære Bo',
  'Se venligst nedenfor.',
  '',
].join('\r\n');
