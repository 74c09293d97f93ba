// SPDX-License-Identifier: Apache-2.0
import { verificationText, verifySignatureCertificate } from '@securemail/signature-certificate';
import { readCertificates } from '@securemail/smime';
import { PEOPLE } from '../world/demo-files.ts';
import type { DemoWorld } from '../world/demo-world.ts';
import { arrivedInside, citizenIn } from './citizen.ts';
import { post } from './hand-in.ts';
import { setFor } from './person-settings.ts';
import type { ToldLater } from './told-later.ts';

const ROUNDS = 3;
const WORKER = PEOPLE.colleague;

/** A case worker and somebody outside without a certificate write to each other, by way of SecureMailBox. */
export async function beginConversation(world: DemoWorld): Promise<ToldLater> {
  // Here nobody else may, so that it can be seen what becomes of mail that nothing safe leads to.
  await setFor(world, WORKER, { forbiddenMethods: [] });
  return {
    async show(print) {
      const problems: string[] = [];
      const check = (isSo: boolean, problem: string) => {
        if (!isSo) problems.push(problem);
      };
      const citizen = citizenIn(world);
      const write = (subject: string, text: string, headers: Record<string, string> = {}) =>
        post(world, { from: WORKER, to: [PEOPLE.stranger], subject, text, headers });
      print(`In SecureMailBox, ${ROUNDS} answers each way\n`);
      let subject = 'Your building permit';
      await write(subject, 'Dear Kim, we miss a drawing.');
      await citizen.signIn();
      print(`  ${PEOPLE.stranger} followed the link, and proved the address by a code\n`);
      for (let round = 1; round <= ROUNDS; round += 1) {
        const { messageId } = await citizen.read(subject);
        print(`  ✉ “${subject}” is read in SecureMailBox\n`);
        const words = `Here is drawing ${round}.`;
        await citizen.answer(messageId, words, { name: `drawing ${round}.txt`, content: `drawing ${round}` });
        const { content, mail } = await arrivedInside(world, {
          to: WORKER,
          subject: 'SecureMailBox message received',
          holds: words,
        });
        const found = await verifySignatureCertificate({
          file: content,
          trustAnchors: readCertificates(world.paths.authorityPem),
          at: new Date(),
        });
        check(found.holds, `the Signature certificate of answer ${round} does not hold`);
        check(mail.from?.text === PEOPLE.stranger, `answer ${round} is from ${mail.from?.text ?? 'nobody'}`);
        check(
          mail.attachments.some(({ filename }) => filename === `drawing ${round}.txt`),
          `answer ${round} has not its file`,
        );
        const [, , written = ''] = verificationText(found, 'en');
        print(
          `  ✉ “${mail.subject ?? ''}” is there for ${WORKER}, from ${mail.from?.text ?? ''}\n       ${written}\n`,
        );
        subject = `Re: Your building permit (${round})`;
        const references = [mail.references ?? [], mail.messageId ?? ''].flat().join(' ');
        await write(subject, 'Thank you.', { 'In-Reply-To': mail.messageId ?? '', References: references });
      }
      const { conversation } = await citizen.read(subject);
      print(`  ${conversation.length} messages lie in one conversation\n`);
      check(
        conversation.length === 1 + 2 * ROUNDS,
        `${conversation.length} messages are in the conversation`,
      );
      return problems;
    },
  };
}
