// SPDX-License-Identifier: Apache-2.0
import { PEOPLE } from '../world/demo-files.ts';
import type { DemoWorld } from '../world/demo-world.ts';
import { post } from './hand-in.ts';
import { setFor } from './person-settings.ts';
import { isInterim, isLate, isOfDelay, subjectOf } from './receipt-subject.ts';

export interface ToldLater {
  /** Waits for what its sender is told, prints it, and returns what is not as it should be. */
  show: (print: (text: string) => void) => Promise<string[]>;
}

const PATIENCE_MS = 60_000;

/**
 * A mail whose recipient's server can't take it now: its sender is told that it is under way, that it is late, and how it
 * ended. Begun before all else and shown last, as it is the waiting that is shown.
 */
export async function beginWaiting(world: DemoWorld): Promise<ToldLater> {
  const { provingServer, ownMailServer } = world;
  const action = { reply: '450 4.2.1 Mailbox busy, try again' } as const;
  provingServer.misbehave({ phase: 'rcpt-to', recipient: PEOPLE.busy, action });
  const mail = { from: PEOPLE.anna, to: [PEOPLE.busy], subject: 'Your result', text: 'All is well.' };
  const emailId = await post(world, mail);
  const told = (is: (content: Buffer) => boolean) =>
    ownMailServer.waitFor(
      ({ rcptTo, content }) => rcptTo.includes(PEOPLE.anna) && content.includes(emailId) && is(content),
      PATIENCE_MS,
    );
  return {
    async show(print) {
      print(
        `To somebody whose mail server can't take it for longer than was promised, which the log says, too\n  ${emailId}\n`,
      );
      for (const is of [isInterim, isLate]) print(shown((await told(is)).content));
      provingServer.behave();
      const final = await told((content) => subjectOf(content).startsWith('Sent securely'));
      print(shown(final.content));
      return provingServer.received(({ rcptTo }) => rcptTo.includes(PEOPLE.busy)).length === 1
        ? []
        : [`${PEOPLE.busy} has not got the mail once`];
    },
  };
}

/** Two mails of somebody who wants no receipt for each, but one list of them. Begun before all else, as he says so first. */
export async function beginDigest(world: DemoWorld): Promise<ToldLater> {
  const { ownMailServer } = world;
  await setFor(world, PEOPLE.lister, { receipts: 'digest' });
  return {
    async show(print) {
      print('To somebody who wants one list of receipts\n');
      // Now, as what is set counts within seconds.
      for (const subject of ['First notice', 'Second notice'])
        await post(world, { from: PEOPLE.lister, to: [PEOPLE.colleague], subject, text: 'To be filed.' });
      let listed = 0;
      for (let at = 0; listed < 2; at += 1) {
        await ownMailServer.waitFor(() => digests(world).length > at, PATIENCE_MS);
        const [, emails] = /: (\d+)$/.exec(digests(world)[at] ?? '') ?? [];
        if (emails === undefined) return ['who wants a list got a receipt'];
        print(`  ✉ ${digests(world)[at] ?? ''}\n`);
        listed += Number(emails);
      }
      return [];
    },
  };
}

const digests = ({ ownMailServer }: DemoWorld): string[] =>
  ownMailServer
    .received(({ rcptTo }) => rcptTo.includes(PEOPLE.lister))
    .filter(({ content }) => !isOfDelay(content))
    .map(({ content }) => subjectOf(content));

const shown = (content: Buffer): string => `  ✉ ${subjectOf(content)}\n`;
