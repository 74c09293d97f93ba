// SPDX-License-Identifier: Apache-2.0
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import {
  compareSenders,
  judgeCertificate,
  loadPkcs12,
  openMessage,
  readCertificates,
  softwareUnwrapper,
} from '@securemail/smime';

const bob = softwareUnwrapper(loadPkcs12(await readFile('bob.p12'), 'password'));
const trustAnchors = readCertificates(await readFile('authorities.pem'));

const opened = await openMessage(createReadStream('protected.eml'), {
  unwrappers: [bob],
  // A gigabyte cannot wait until it is checked, so it goes where nobody reads it yet.
  keep: (content) => pipeline(content, createWriteStream('content.unchecked')),
}).catch(async (error: unknown) => {
  await rm('content.unchecked', { force: true });
  throw error;
});
await rename('content.unchecked', 'content.eml');

for (const layer of opened.layers) {
  if (layer.kind === 'encrypted') console.log(`encrypted with ${layer.contentEncryption}`, layer.problems);
  if (layer.kind !== 'signed') continue;
  for (const { verified, certificate, problems } of layer.signatures) {
    if (!verified || certificate === null) {
      console.log('a signature that does not count:', problems);
      continue;
    }
    const question = { at: new Date(), trustAnchors, intermediates: layer.certificates };
    const judgement = judgeCertificate(certificate, { ...question, purpose: 'sign' });
    console.log('signed by', certificate.emails, judgement.ok ? 'who is trusted' : judgement.because);
  }
}
console.log('From against signer:', compareSenders(opened).problems);
