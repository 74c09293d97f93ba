// SPDX-License-Identifier: Apache-2.0
import { SecureMarks } from './tenant.ts';

it.each(['Subject', 'References', 'in-reply-to', 'Thread-Index', 'Content-Type'])(
  'what asks for protection is no field that a mail needs, for it is taken off: %s',
  (header) => {
    expect(SecureMarks.safeParse({ header }).error?.issues[0]?.path).toEqual(['header']);
  },
);
