// SPDX-License-Identifier: Apache-2.0
import { verifySignatureCertificate } from '@securemail/signature-certificate';
import { readCertificates } from '@securemail/smime';
import { CONTACTS } from '../world/demo-contacts.ts';
import { PEOPLE } from '../world/demo-files.ts';
import type { DemoWorld } from '../world/demo-world.ts';
import { arrivedInside, citizenIn } from './citizen.ts';
import { post } from './hand-in.ts';
import { setFor } from './person-settings.ts';
import type { ToldLater } from './told-later.ts';

const WORDS = 'May I build a garage?';

/** Somebody outside whom nobody has written to writes first, and is answered in SecureMailBox. */
export async function beginLetter(world: DemoWorld): Promise<ToldLater> {
  const { address } = CONTACTS.building;
  // Here nobody else may, so that it can be seen what becomes of mail that nothing safe leads to.
  await setFor(world, address, { forbiddenMethods: [] });
  return {
    async show(print) {
      print('In SecureMailBox, somebody writes first\n');
      const citizen = citizenIn(world, PEOPLE.newcomer);
      await citizen.signInToWrite();
      await citizen.write('building', 'My garage', WORDS);
      print(`  ${PEOPLE.newcomer} proved the address by a code, and wrote to “${CONTACTS.building.name}”\n`);
      const { content, mail } = await arrivedInside(world, {
        to: address,
        subject: 'SecureMailBox message received',
        holds: WORDS,
      });
      const found = await verifySignatureCertificate({
        file: content,
        trustAnchors: readCertificates(world.paths.authorityPem),
        at: new Date(),
      });
      print(`  ✉ “${mail.subject ?? ''}” is there for ${address}, from ${mail.from?.text ?? ''}\n`);
      const messageId = mail.messageId ?? '';
      const subject = 'Re: My garage';
      const headers = { 'In-Reply-To': messageId, References: messageId };
      await post(world, { from: address, to: [PEOPLE.newcomer], subject, text: 'You may.', headers });
      const { conversation } = await citizen.read(subject);
      print(`  ✉ “${subject}” lies in the conversation that it answers\n`);
      const kinds = conversation.map(({ kind }) => kind).join(', ');
      return [
        ...(found.holds ? [] : ['the Signature certificate of the letter does not hold']),
        ...(mail.from?.text === PEOPLE.newcomer ? [] : ['the letter is not from who wrote it']),
        ...(kinds === 'letter, message' ? [] : [`in the conversation is: ${kinds}`]),
      ];
    },
  };
}
