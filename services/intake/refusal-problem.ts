// SPDX-License-Identifier: Apache-2.0
import {
  guardNotes,
  recipientId,
  refusalText,
  type Address,
  type GuardFinding,
  type Language,
} from '@securemail/contracts';
import { Problem } from '@securemail/service';
import type { Refusal } from './domain/decide.ts';

interface Refused {
  findings: readonly GuardFinding[];
  /** In their order, each once. */
  recipients: readonly Address[];
  language: Language;
}

/** What the sender is told of a refusal, in his language: by guards with all that they found. */
export function refusalProblem(reason: Refusal, { findings, recipients, language }: Refused): Problem {
  if (reason === 'sender-not-allowed' || reason === 'not-secure' || reason === 'mail-loop') {
    const { title, text } = refusalText(reason, language);
    const refused = new Problem(reason, text);
    refused.message = title;
    return refused;
  }
  const addresses = new Map(recipients.map((address, index) => [recipientId(index + 1), address]));
  const told = guardNotes(findings, (id) => addresses.get(id) ?? id, language);
  const refusing = told.find(({ guard, action }) => guard === reason && action === 'refuse');
  const problem = new Problem(reason, refusing?.text ?? '', { guards: told });
  problem.message = refusing?.title ?? problem.message;
  return problem;
}
