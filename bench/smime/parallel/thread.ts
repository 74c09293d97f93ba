// SPDX-License-Identifier: Apache-2.0
import { parentPort, workerData } from 'node:worker_threads';
import { softwareSigner } from '@securemail/smime';
import { personFrom, type PersonInPem } from '../person.ts';
import { protect } from './protect.ts';

const person = personFrom(workerData as PersonInPem);
const signer = softwareSigner(person);

parentPort?.on('message', (content: Uint8Array) => {
  void protect(Buffer.from(content), signer, person.certificate).then((mail) =>
    parentPort?.postMessage(mail),
  );
});
