// SPDX-License-Identifier: Apache-2.0
import { Problem, type ProblemSlug } from '@securemail/service';
import type { SMTPServer } from 'smtp-server';
import { countRefusal } from '../count-refusal.ts';
import { replyLines } from './reply-lines.ts';
import { smtpReplyOf } from './smtp-reply.ts';

interface Connection {
  id: string;
  send(code: number, text: string | string[], context?: string | false): void;
}

const ENHANCED = /^[245]\.\d{1,3}\.\d{1,3} /;

/** What smtp-server refuses by itself, before we are asked, and what we call it. */
const BY_ITSELF: [RegExp, ProblemSlug, string][] = [
  [
    /^Error: Bad (sender|recipient) address syntax/,
    'invalid-address',
    'This is no mailbox (RFC 5321 §4.1.2).',
  ],
  [/^Error: message exceeds/, 'message-too-large', 'The message is larger than this server takes.'],
];

/**
 * Lets every reply carry one enhanced code (RFC 2034): ours where we gave one, on as many lines as it takes, else the one
 * that smtp-server knows; and what it refuses by itself is called by the name that it has everywhere else. It has no hook for that, so the
 * connection is met where replies leave.
 */
export function answerInOurWords(server: SMTPServer, sessionId: string): void {
  const connections = server.connections as Set<Connection>;
  const connection = [...connections].find(({ id }) => id === sessionId);
  if (connection === undefined) return;
  const send = connection.send.bind(connection);
  connection.send = (code, text, context) => {
    const [first = ''] = [text].flat();
    const [, slug, detail] = BY_ITSELF.find(([pattern]) => pattern.test(first)) ?? [];
    if (slug !== undefined && detail !== undefined) {
      const problem = new Problem(slug, detail);
      countRefusal(problem);
      const { responseCode, message } = smtpReplyOf(problem);
      send(responseCode, message, false);
    } else if (ENHANCED.test(first)) send(code, replyLines(first), false);
    else send(code, text, context);
  };
}
