// SPDX-License-Identifier: Apache-2.0
import type { ProtectionMethod } from '@securemail/contracts';
import { impossible } from './impossible.ts';

it.each<[ProtectionMethod[], boolean, boolean]>([
  [[], false, false],
  [['smime-personal', 'smime-domain'], false, false],
  [['tls'], true, false],
  [['tls'], false, true],
  [['tls', 'smime-domain'], false, true],
])(
  'without %j, and a key that signs: %s, nothing could ever be sent: %s',
  (forbiddenMethods, signs, expected) => {
    expect(impossible({ forbiddenMethods }, signs).map(({ path }) => path)).toEqual(
      expected ? ['forbiddenMethods'] : [],
    );
  },
);
