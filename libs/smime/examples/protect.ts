// SPDX-License-Identifier: Apache-2.0
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import {
  chooseEncryption,
  judgeCertificate,
  loadPkcs12,
  protectMessage,
  readCertificates,
  softwareSigner,
} from '@securemail/smime';

const aske = softwareSigner(loadPkcs12(await readFile('aske.p12'), 'password'));
const recipients = readCertificates(await readFile('bob.pem'));
const trustAnchors = readCertificates(await readFile('authorities.pem'));

const at = new Date();
for (const certificate of recipients) {
  const address = 'bob@b.example';
  const judgement = judgeCertificate(certificate, { at, trustAnchors, purpose: 'encrypt', address });
  if (!judgement.ok) throw new Error(`${judgement.because}: ${judgement.detail}`);
}

const source = { open: () => createReadStream('mail.eml') };
const { message } = await protectMessage(source, {
  signer: aske,
  signingTime: at,
  ...chooseEncryption(recipients.map((certificate) => ({ certificate }))),
});
await pipeline(message.open(), createWriteStream('protected.eml'));
