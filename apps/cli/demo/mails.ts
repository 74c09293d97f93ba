// SPDX-License-Identifier: Apache-2.0
import type { ProtectionMethod } from '@securemail/contracts';
import { PEOPLE } from '../world/demo-files.ts';
import type { DemoWorld } from '../world/demo-world.ts';
import { post, release, submit } from './hand-in.ts';

export interface DemoMail {
  title: string;
  /** Hands it in, and returns its emailId. */
  send: (world: DemoWorld) => Promise<string>;
  /** What a person does once it is held. */
  decide?: (world: DemoWorld, emailId: string) => Promise<void>;
  expect: {
    state: 'sent' | 'held';
    /** What guards find, and do. */
    guards?: string[];
    recipients: {
      address: string;
      method: ProtectionMethod | null;
      /** Text that must be inside what arrived. */ holds: string;
    }[];
  };
}

const ATTACHMENT = 'Patient 4711, findings of the day.\n'.repeat(40);

/** One mail for each thing the gateway does. */
export const DEMO_MAILS: readonly DemoMail[] = [
  {
    title: 'REST with an attachment, to a person outside',
    send: (world) =>
      post(world, {
        from: `Anna Ager <${PEOPLE.anna}>`,
        to: [PEOPLE.person],
        subject: 'Your journal',
        text: 'Dear Bo, the findings are attached.',
        attachments: [
          {
            filename: 'findings.txt',
            contentType: 'text/plain',
            content: Buffer.from(ATTACHMENT).toString('base64'),
          },
        ],
      }),
    expect: {
      state: 'sent',
      recipients: [
        {
          address: PEOPLE.person,
          method: 'smime-personal',
          holds: Buffer.from(ATTACHMENT).toString('base64').slice(0, 60),
        },
      ],
    },
  },
  {
    title: 'SMTP by a stock client, to an organisation (tunnel mail)',
    send: (world) =>
      submit(world, {
        to: PEOPLE.clerk,
        subject: '[secure] Referral',
        text: 'Dear colleagues, please see Mr Hansen.',
      }),
    expect: {
      state: 'sent',
      recipients: [{ address: PEOPLE.clerk, method: 'smime-domain', holds: 'please see Mr Hansen' }],
    },
  },
  {
    title: 'Internal, from colleague to colleague',
    send: (world) =>
      post(world, {
        from: PEOPLE.anna,
        to: [PEOPLE.colleague],
        subject: 'Lunch list',
        text: 'Soup on Tuesday.',
      }),
    expect: {
      state: 'sent',
      recipients: [{ address: PEOPLE.colleague, method: 'internal', holds: 'Soup on Tuesday.' }],
    },
  },
  {
    title: 'To people without certificates, over TLS to servers that prove who they are: by DANE, by MTA-STS',
    send: (world) =>
      post(world, {
        from: PEOPLE.anna,
        to: [PEOPLE.patient, PEOPLE.lawyer],
        subject: 'Appointment',
        text: 'Dear both, we meet on Friday.',
      }),
    expect: {
      state: 'sent',
      recipients: [
        { address: PEOPLE.patient, method: 'tls', holds: 'we meet on Friday' },
        { address: PEOPLE.lawyer, method: 'tls', holds: 'we meet on Friday' },
      ],
    },
  },
  {
    title: 'One mail to all three, split by what protects each',
    send: (world) =>
      post(world, {
        from: PEOPLE.anna,
        to: [PEOPLE.person],
        cc: [PEOPLE.colleague],
        bcc: [PEOPLE.clerk],
        subject: 'Plan for Thursday',
        html: '<p>We meet at <b>ten</b>.</p>',
      }),
    expect: {
      state: 'sent',
      recipients: [
        { address: PEOPLE.person, method: 'smime-personal', holds: 'We meet at' },
        { address: PEOPLE.colleague, method: 'internal', holds: 'We meet at' },
        { address: PEOPLE.clerk, method: 'smime-domain', holds: 'We meet at' },
      ],
    },
  },
  {
    title:
      'To somebody whom only SecureMailBox would reach, by somebody who may not use it: held, and the sender told',
    send: (world) =>
      post(world, {
        from: PEOPLE.anna,
        to: [PEOPLE.stranger],
        subject: 'Decision',
        text: 'Your case is decided.',
      }),
    expect: { state: 'held', recipients: [{ address: PEOPLE.stranger, method: null, holds: '' }] },
  },
  {
    title: 'To a mistyped address: held, corrected and released by a person, then sent',
    send: (world) =>
      post(world, {
        from: PEOPLE.anna,
        to: ['bo@citizn.example'],
        subject: 'Your appeal',
        text: 'Your appeal was heard.',
      }),
    decide: (world, emailId) =>
      release(world, emailId, {
        by: 'Ida Iversen',
        reason: 'The address was mistyped',
        changes: [{ recipientId: 'r1', address: PEOPLE.person }],
      }),
    expect: {
      state: 'sent',
      recipients: [{ address: PEOPLE.person, method: 'smime-personal', holds: 'Your appeal was heard.' }],
    },
  },
];
