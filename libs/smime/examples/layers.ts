// SPDX-License-Identifier: Apache-2.0
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import {
  encryptEntity,
  entityOf,
  loadPkcs12,
  readCertificates,
  signEntity,
  softwareSigner,
} from '@securemail/smime';

const signer = softwareSigner(loadPkcs12(await readFile('aske.p12'), 'password'));
const [bob] = readCertificates(await readFile('bob.pem'));
if (bob === undefined) throw new Error('bob.pem has no certificate');

const entity = entityOf(Buffer.from('Content-Type: text/plain\r\n\r\nDear Bob\r\n'));
const signed = await signEntity(entity, signer, { signingTime: new Date(), form: 'opaque' });
const encrypted = await encryptEntity(signed, [bob], { contentEncryption: 'aes-256-gcm' });
console.log(`${encrypted.size} octets, known before the first is written`);
await pipeline(encrypted.open(), createWriteStream('entity.eml'));
