// SPDX-License-Identifier: Apache-2.0
import type { ProtectionMethod } from '@securemail/contracts';
import { impossible, type There } from './impossible.ts';

const ALL: There = { signs: true, mailbox: true };
const NO_KEY: There = { signs: false, mailbox: false };
const NO_MAILBOX: There = { signs: true, mailbox: false };

it.each<[ProtectionMethod[], There, boolean]>([
  [[], NO_KEY, false],
  [['smime-personal', 'smime-domain'], NO_KEY, false],
  [['tls'], NO_MAILBOX, false],
  [['tls'], NO_KEY, true],
  [['tls', 'smime-domain'], NO_KEY, true],
  [['smime-personal', 'smime-domain', 'tls'], NO_MAILBOX, true],
  [['smime-personal', 'smime-domain', 'tls'], ALL, false],
  [['tls'], { signs: false, mailbox: true }, false],
  [['tls', 'mailbox'], { signs: false, mailbox: true }, true],
  [['smime-personal', 'smime-domain', 'tls', 'mailbox'], ALL, true],
])('without %j, and with %j, nothing could ever be sent: %s', (forbiddenMethods, there, expected) => {
  expect(impossible({ forbiddenMethods }, there).map(({ path }) => path)).toEqual(
    expected ? ['forbiddenMethods'] : [],
  );
});
