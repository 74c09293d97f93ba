// SPDX-License-Identifier: Apache-2.0
import type { Handover } from './handover.ts';
import type { SmtpFailure } from './smtp-results.ts';

export interface TimeLimit {
  /** From now on so long, milliseconds. */
  refresh: (ms: number) => void;
  end: () => void;
}

/** Fails what is under way when its time is over, whatever moves meanwhile: a timer of silence runs for ever against a server that drips. */
export function timeLimit(ms: number, fail: (error: SmtpFailure) => void): TimeLimit {
  const over = () => {
    fail(Object.assign(new Error('the time is over'), { code: 'ETIMEDOUT' }));
  };
  let timer = setTimeout(over, ms);
  let ended = false;
  return {
    end() {
      ended = true;
      clearTimeout(timer);
    },
    refresh(again) {
      clearTimeout(timer);
      if (!ended) timer = setTimeout(over, again);
    },
  };
}

/** Octets a second; whoever reads more slowly is not read to. */
const SLOWEST = 4_096;

/** How long a mail's envelope and its content may take altogether, milliseconds; each reply has its own time besides. */
export const limitsOf = (
  { recipients, size }: Pick<Handover, 'recipients' | 'size'>,
  { replyTimeoutMs }: { replyTimeoutMs: number },
) => ({
  envelopeMs: replyTimeoutMs * (2 + recipients.length / 10),
  contentMs: replyTimeoutMs + (size / SLOWEST) * 1_000,
});
