// SPDX-License-Identifier: Apache-2.0
import { PEOPLE } from '../world/demo-files.ts';
import type { DemoWorld } from '../world/demo-world.ts';
import { post, relay, submit } from './hand-in.ts';
import type { DemoMail } from './mails.ts';

const newMessageId = () => `<${crypto.randomUUID()}@demo.example>`;

/** With the number by which the CPR office explains CPR numbers. */
const LIST = 'name;cpr\nNancy Berggren;070761-4285\n';

/** What a guard does not take. */
export interface DemoRefusal {
  title: string;
  /** Hands it in; throws with what the sender is told. */
  send: (world: DemoWorld) => Promise<unknown>;
  /** The name of the error. */
  expect: string;
}

/** One mail for each guard. */
export const GUARDED_MAILS: readonly DemoMail[] = [
  {
    title: 'Guard: an answer on a secure thread, without Send securely',
    async send(world) {
      const messageId = newMessageId();
      await submit(world, {
        to: PEOPLE.person,
        subject: '[secure] Your case',
        text: 'A decision.',
        messageId,
      });
      return submit(world, {
        to: PEOPLE.person,
        subject: 'Re: Your case',
        text: 'I forgot the enclosure.',
        inReplyTo: messageId,
      });
    },
    expect: {
      state: 'sent',
      guards: ['secure-thread protect'],
      recipients: [{ address: PEOPLE.person, method: 'smime-personal', holds: 'I forgot the enclosure.' }],
    },
  },
  {
    title: 'Guard: somebody outside joins an internal conversation',
    async send(world) {
      const messageId = newMessageId();
      await submit(world, { to: PEOPLE.colleague, subject: 'The Hansen case', text: 'What now?', messageId });
      return submit(world, {
        to: `${PEOPLE.colleague}, ${PEOPLE.clerk}`,
        subject: 'Re: The Hansen case',
        text: 'The hospital may know.',
        inReplyTo: messageId,
      });
    },
    expect: {
      state: 'sent',
      guards: ['new-outsider protect'],
      recipients: [
        { address: PEOPLE.colleague, method: 'internal', holds: 'The hospital may know.' },
        { address: PEOPLE.clerk, method: 'smime-domain', holds: 'The hospital may know.' },
      ],
    },
  },
  {
    title: 'Guard: a CPR number in an attachment, without Send securely',
    send: (world) =>
      post(world, {
        from: PEOPLE.anna,
        to: [PEOPLE.person],
        subject: 'The list',
        text: 'Here it is.',
        secure: false,
        attachments: [
          { filename: 'list.csv', contentType: 'text/csv', content: Buffer.from(LIST).toString('base64') },
        ],
      }),
    expect: {
      state: 'sent',
      guards: ['sensitive-content protect'],
      recipients: [{ address: PEOPLE.person, method: 'smime-personal', holds: 'Here it is.' }],
    },
  },
  {
    title: 'Guard: secure mail to a colleague whose mailbox forwards outside',
    send: (world) =>
      post(world, {
        from: PEOPLE.anna,
        to: [PEOPLE.forwarder],
        subject: 'Your review',
        text: 'The review is on Monday.',
      }),
    expect: {
      state: 'sent',
      guards: ['forwards-outside allow'],
      recipients: [{ address: PEOPLE.forwarder, method: 'internal', holds: 'The review is on Monday.' }],
    },
  },
];

export const DEMO_REFUSALS: readonly DemoRefusal[] = [
  {
    title: 'Guard: a rule of that mailbox forwards a secure mail outside',
    async send(world) {
      const messageId = newMessageId();
      const mail = { subject: '[secure] Your review', text: 'The review is on Monday.', messageId };
      await submit(world, { ...mail, to: PEOPLE.forwarder });
      return relay(world, {
        ...mail,
        subject: 'Your review',
        to: PEOPLE.ownAddress,
        headers: { 'X-MS-Exchange-Inbox-Rules-Loop': PEOPLE.forwarder },
      });
    },
    expect: 'auto-forwarded',
  },
  {
    title: 'Guard: the own mail server brings back what went through here before',
    async send(world) {
      const messageId = newMessageId();
      const mail = { to: PEOPLE.colleague, subject: 'Minutes', text: 'As agreed.', messageId };
      const emailId = await submit(world, mail);
      return relay(world, { ...mail, headers: { 'X-SecureMail-Id': emailId } });
    },
    expect: 'mail-loop',
  },
];
