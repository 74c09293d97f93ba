// SPDX-License-Identifier: Apache-2.0
import type { RunningTestIntake } from './running-intake.ts';

export const MAIL = {
  from: 'Anna Ager <anna@demo.example>',
  to: ['bo@citizen.example'],
  subject: 'Journal',
  text: 'Dear Bo',
};
export const MESSAGE =
  'From: anna@demo.example\r\nTo: bo@citizen.example\r\nSubject: Journal\r\n\r\nDear Bo\r\n';

export type Body = string | Buffer | ReadableStream<Uint8Array>;

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** A client of `POST /v1/emails` that holds the sending key. */
export function httpClient(intake: RunningTestIntake) {
  async function post(body: Body, headers: Record<string, string> = {}, query = ''): Promise<Answer> {
    const response = await fetch(`${intake.url}/v1/emails${query}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${intake.key}`, 'Content-Type': 'application/json', ...headers },
      body,
      ...(body instanceof ReadableStream ? { duplex: 'half' as const } : {}),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  }

  /** Sends, and expects that nothing became ours and nothing stayed behind. */
  async function refused(send: () => Promise<Answer>): Promise<Answer> {
    const before = [await intake.accepted(), await intake.contents()];
    const answer = await send();
    expect([await intake.accepted(), await intake.contents()]).toEqual(before);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    return answer;
  }

  return {
    post,
    postJson: (mail: object, headers?: Record<string, string>) => post(JSON.stringify(mail), headers),
    postMessage: (message: Body, headers?: Record<string, string>) =>
      post(message, { 'Content-Type': 'message/rfc822', ...headers }),
    refused,
    async expectRefused(send: () => Promise<Answer>, status: number, name: string): Promise<Answer> {
      const answer = await refused(send);
      expect([answer.status, answer.body['status'], answer.body['type']]).toEqual([
        status,
        status,
        `/errors/${name}`,
      ]);
      return answer;
    },
  };
}

/** A message of that many octets or a little more, made as it is read. `onPiece` hears before each piece. */
export function largeMessage(
  octets: number,
  onPiece: () => void = () => undefined,
): ReadableStream<Uint8Array> {
  const lines = Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(100));
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      onPiece();
      const piece = sent === 0 ? Buffer.from(MESSAGE) : lines;
      sent += piece.length;
      controller.enqueue(piece);
      if (sent >= octets) controller.close();
    },
  });
}
