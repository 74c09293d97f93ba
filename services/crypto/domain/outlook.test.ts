// SPDX-License-Identifier: Apache-2.0
import { recipientId, type Obstacle, type ProtectionMethod } from '@securemail/contracts';
import { outlookOf } from './outlook.ts';

const NONE = { ok: false, because: 'no-certificate' } as const;
const NOBODY = {
  internal: 'not-an-own-domain',
  'smime-personal': 'no-certificate',
  'smime-domain': 'no-certificate',
  tls: 'tls-not-enforceable',
  mailbox: null,
} as const;

const warningsFor = (obstacles: Partial<Record<ProtectionMethod, Obstacle | null>>) =>
  outlookOf(
    { recipientId: recipientId(1), disclosed: true, obstacles: { ...NOBODY, ...obstacles }, envelopes: {} },
    { personal: NONE, organisation: NONE, unsaid: new Set(), language: 'en', at: new Date() },
  ).warnings.map(({ warning }) => warning);

it.each<[string, Partial<Record<ProtectionMethod, Obstacle | null>>, string[]]>([
  ['all who were asked have answered', {}, []],
  ['nothing is known of TLS', { tls: 'tls-lookup-failed' }, ['lookup-failed']],
  [
    'a directory of certificates is silent, and SecureMailBox takes it',
    { 'smime-personal': 'certificate-lookup-failed' },
    ['lookup-failed'],
  ],
  [
    'a directory of certificates is silent, and TLS takes it',
    { 'smime-personal': 'certificate-lookup-failed', tls: null },
    ['lookup-failed'],
  ],
  [
    'a directory of certificates is silent, and nothing takes it',
    { 'smime-personal': 'certificate-lookup-failed', mailbox: 'mailbox-not-available' },
    ['lookup-failed'],
  ],
  ['what is not known is weaker', { 'smime-personal': null, tls: 'tls-lookup-failed' }, []],
  ['nothing takes it, for good', { mailbox: 'mailbox-not-available' }, ['held']],
])('of a recipient of whom %s, who asks before sending is warned so', (_what, obstacles, warnings) => {
  expect(warningsFor(obstacles)).toEqual(warnings);
});
