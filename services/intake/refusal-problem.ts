// SPDX-License-Identifier: Apache-2.0
import {
  guardNotes,
  recipientId,
  type Address,
  type GuardFinding,
  type Language,
} from '@securemail/contracts';
import { Problem } from '@securemail/service';
import type { Refusal } from './domain/decide.ts';

const REFUSALS = {
  'sender-not-allowed': 'You may not send as this address.',
  'not-secure': 'This organisation sends only mail through here that was asked to be sent securely.',
} as const;

interface Refused {
  findings: readonly GuardFinding[];
  /** In their order, each once. */
  recipients: readonly Address[];
  language: Language;
}

/** What the sender is told of a refusal: by guards in the language of the sender, and with all that they found. */
export function refusalProblem(reason: Refusal, { findings, recipients, language }: Refused): Problem {
  if (reason === 'sender-not-allowed' || reason === 'not-secure')
    return new Problem(reason, REFUSALS[reason]);
  const addresses = new Map(recipients.map((address, index) => [recipientId(index + 1), address]));
  const told = guardNotes(findings, (id) => addresses.get(id) ?? id, language);
  const refusing = told.find(({ guard, action }) => guard === reason && action === 'refuse');
  const problem = new Problem(reason, refusing?.text ?? '', { guards: told });
  problem.message = refusing?.title ?? problem.message;
  return problem;
}
