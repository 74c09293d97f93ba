// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { EmailId, EventId } from '../ids.ts';

export const DeadLetterReplayed = defineEvent({
  name: 'DeadLetterReplayed',
  service: 'each',
  meaning:
    'A person had an event tried again that this service could not deal with. The stream is this act alone: that of the email is not to begin otherwise than it does.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      replayed: z.object({ emailId: EmailId, eventId: EventId, eventName: z.string() }),
      keyId: z.string(),
    }),
    personal: z.object({ by: z.string(), reason: z.string() }),
  },
});

export const ConsoleListShown = defineEvent({
  name: 'ConsoleListShown',
  service: 'each',
  meaning:
    'A person was shown a list of this service in the console: once for each look, however often its page asks again. The stream is that of the session.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      list: z.enum(['held', 'certificates', 'own-keys', 'dead-letters']),
      keyId: z.string(),
    }),
    /** `narrowedTo`: as the parameters say it; empty: to nothing. */
    personal: z.object({ by: z.string(), narrowedTo: z.string() }),
  },
});
