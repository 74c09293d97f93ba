// SPDX-License-Identifier: Apache-2.0

/** Where in the dialogue of RFC 5321 a rule takes effect. */
export type Phase =
  /** The TCP connection stands, nothing was said. */
  | 'connect'
  | 'greeting'
  /** In answer to EHLO or HELO. */
  | 'ehlo'
  | 'starttls'
  | 'mail-from'
  | 'rcpt-to'
  /** In answer to DATA, in place of 354. */
  | 'data'
  /** When the first octets of the content are there. */
  | 'content'
  /** When the content is complete, before the answer to it. */
  | 'final-dot'
  | 'quit';

export type Action =
  /** Answers by this code and text, such as `550 5.1.1 No such user`; a `421` also ends the connection. */
  | { reply: `${number} ${string}` }
  /** Destroys the socket. */
  | 'drop'
  /** Says nothing more, and keeps the connection. */
  | 'hang'
  /** Goes on as usual, so many milliseconds later. */
  | { delay: number }
  /** Begins a reply and never ends it: another line of it every so many milliseconds. */
  | { drip: number };

export interface Rule {
  phase: Phase;
  action: Action;
  /** How often it takes effect. Default: always. */
  times?: number;
  /** Only for this recipient: at `rcpt-to` the one that is named, later any of those that were taken. */
  recipient?: string | RegExp;
  /**
   * At `final-dot`: whether the mail counts as received all the same. Default: only if the answer is 2xx or late, so
   * that `drop` with `keeps: true` is a server that has the mail and could not say so.
   */
  keeps?: boolean;
}

export interface Rulebook {
  add(rule: Rule): void;
  clear(): void;
  /** The first rule that applies; counts as having taken effect. */
  take(phase: Phase, recipients?: readonly string[]): Rule | undefined;
}

export function rulebook(): Rulebook {
  let rules: { rule: Rule; left: number }[] = [];
  return {
    add(rule) {
      rules.push({ rule, left: rule.times ?? Infinity });
    },
    clear() {
      rules = [];
    },
    take(phase, recipients = []) {
      const found = rules.find(
        ({ rule, left }) => left > 0 && rule.phase === phase && concerns(rule.recipient, recipients),
      );
      if (found === undefined) return undefined;
      found.left -= 1;
      return found.rule;
    },
  };
}

const concerns = (wanted: Rule['recipient'], recipients: readonly string[]): boolean =>
  wanted === undefined ||
  recipients.some((each) =>
    typeof wanted === 'string' ? each.toLowerCase() === wanted.toLowerCase() : wanted.test(each),
  );

/** Whether a mail that meets `rule` at its final dot counts as received. */
export const keepsMail = ({ keeps, action }: Rule): boolean =>
  keeps ??
  (typeof action === 'object' && ('delay' in action || ('reply' in action && action.reply.startsWith('2'))));

export function replyOf(text: string): { code: number; text: string } {
  return { code: Number(text.slice(0, 3)), text: text.slice(4) };
}
