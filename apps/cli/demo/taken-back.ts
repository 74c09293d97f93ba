// SPDX-License-Identifier: Apache-2.0
import { PEOPLE } from '../world/demo-files.ts';
import type { DemoWorld } from '../world/demo-world.ts';
import { post, withdraw } from './hand-in.ts';
import { setFor } from './person-settings.ts';
import { subjectOf } from './receipt-subject.ts';
import type { ToldLater } from './told-later.ts';

const PATIENCE_MS = 60_000;
const WORKER = PEOPLE.colleague;

/** A mail that lies in SecureMailBox, and that its sender takes back before it is opened. */
export async function beginTakingBack(world: DemoWorld): Promise<ToldLater> {
  await setFor(world, WORKER, { forbiddenMethods: [] });
  return {
    async show(print) {
      const mail = { from: WORKER, to: [PEOPLE.stranger], subject: 'To another', text: 'Dear Pia.' };
      const emailId = await post(world, mail);
      print(`In SecureMailBox, and taken back\n  ${emailId}\n`);
      const told = async (beginning: string) => {
        const { content } = await world.ownMailServer.waitFor(
          (each) =>
            each.rcptTo.includes(WORKER) &&
            each.content.includes(emailId) &&
            subjectOf(each.content).startsWith(beginning),
          PATIENCE_MS,
        );
        print(`  ✉ ${subjectOf(content)}\n`);
      };
      await told('Sent securely');
      const taken = await withdraw(world, emailId);
      await told('Taken back');
      return taken.length === 1 && taken[0]?.withdrawnAt != null && taken[0].openedAt === null
        ? []
        : ['it was not taken back unopened'];
    },
  };
}
