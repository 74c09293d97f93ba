// SPDX-License-Identifier: Apache-2.0
import {
  guardNotes,
  recipientId,
  refusalText,
  type Address,
  type GuardFinding,
  type GuardName,
  type GuardNote,
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
  return new GuardProblem(reason, told);
}

/** A mail that guards refuse: all that they found is told, and the first that refuses gives it its name. */
export class GuardProblem extends Problem {
  override name = 'GuardProblem';
  readonly refusing: readonly GuardNote[];

  constructor(reason: GuardName, told: readonly GuardNote[]) {
    const refusing = told.filter(({ action }) => action === 'refuse');
    const first = refusing.find(({ guard }) => guard === reason);
    super(reason, first?.text ?? '', { guards: told });
    this.message = first?.title ?? this.message;
    this.refusing = refusing;
  }
}
