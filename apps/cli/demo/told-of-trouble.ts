// SPDX-License-Identifier: Apache-2.0
import { PEOPLE } from '../world/demo-files.ts';
import type { DemoWorld } from '../world/demo-world.ts';
import { bringFromOutside, post } from './hand-in.ts';
import { setFor } from './person-settings.ts';
import { subjectOf } from './receipt-subject.ts';
import type { ToldLater } from './told-later.ts';

const PATIENCE_MS = 60_000;
const SECOND_OF_A_DAY = 1 / 86_400;

/**
 * What goes wrong, and what is told of it: one of two recipients is refused; a connection breaks in the last moment; nothing
 * safe leads to somebody, nobody decides, and the mail goes back; the own mail server refuses a mail from outside.
 */
export async function beginTroubles(world: DemoWorld): Promise<ToldLater> {
  // Reminded and given up within seconds, and never sent again by itself.
  await setFor(world, PEOPLE.careful, {
    whenOutcomeUnknown: 'hold',
    holding: { remindAfterHours: [5 / 3_600], endAfterDays: 12 * SECOND_OF_A_DAY },
  });
  return {
    async show(print) {
      const { provingServer, ownMailServer } = world;
      const refused = { reply: '550 5.1.1 No such user' } as const;
      provingServer.misbehave({ phase: 'rcpt-to', recipient: PEOPLE.gone, action: refused });
      provingServer.misbehave({
        phase: 'final-dot',
        recipient: PEOPLE.cutOff,
        action: 'drop',
        keeps: true,
      });
      const from = PEOPLE.careful;
      const send = (subject: string, ...to: string[]) =>
        post(world, { from, to, subject, text: 'It is done.' });
      const partly = await send('To two', PEOPLE.patient, PEOPLE.gone);
      const perhaps = await send('Cut off', PEOPLE.cutOff);
      const held = await send('To nobody we can reach', PEOPLE.stranger);

      const readers = [PEOPLE.careful, POSTMASTER];
      const toldOf = (emailId: string): string[] =>
        ownMailServer
          .received(
            ({ rcptTo, content }) =>
              readers.some((each) => rcptTo.includes(each)) && content.includes(emailId),
          )
          .map(({ content }) => subjectOf(content));
      const problems: string[] = [];
      const tell = async (title: string, emailId: string, ...beginnings: string[]) => {
        const isTold = () =>
          beginnings.every((beginning, at) => toldOf(emailId)[at]?.startsWith(beginning) === true);
        const inTime = await ownMailServer.waitFor(isTold, PATIENCE_MS).then(
          () => true,
          () => false,
        );
        print(
          `${title}\n  ${emailId}\n${toldOf(emailId)
            .map((subject) => `  ✉ ${subject}\n`)
            .join('')}`,
        );
        if (!inTime) problems.push(`${title}: expected ${beginnings.join(', ')}`);
      };
      await tell('To two people, of whom one is not there', partly, 'Partly sent');
      await tell(
        'A connection that broke in the last moment, and nobody decides',
        perhaps,
        'Perhaps sent',
        'Still not known',
        'Perhaps sent',
      );
      await tell('Nothing safe leads there, and nobody decides', held, 'Not sent', 'Still held', 'Not sent');
      ownMailServer.misbehave({
        phase: 'final-dot',
        recipient: PEOPLE.colleague,
        action: { reply: '554 5.7.1 Not here' },
      });
      await tell(
        'From outside, and the own mail server refuses it: the postmaster is told',
        await fromOutside(world),
        'Not delivered',
      );
      ownMailServer.behave();
      return problems;
    },
  };
}

const POSTMASTER = 'postmaster@demo.example';

const fromOutside = (world: DemoWorld): Promise<string> =>
  bringFromOutside(
    world,
    {
      from: PEOPLE.stranger,
      to: PEOPLE.colleague,
      subject: 'A question',
      text: 'When are you open?',
    },
    { tls: false },
  );
