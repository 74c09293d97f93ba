// SPDX-License-Identifier: Apache-2.0
import { createTransport } from 'nodemailer';
import { PEOPLE } from '@securemail/cli/world';
import type { SmtpSink } from '@securemail/testing';

/**
 * The peer: nodemailer hands as much text straight to the sink over STARTTLS, over as many kept connections as the gateway
 * has to one domain, unprotected, undurable, unobserved. What the gateway adds is the distance to this.
 *
 * @returns mails a second.
 */
export async function directRate(sink: SmtpSink, mails: number, bytes: number): Promise<number> {
  const text = 'x'.repeat(bytes);
  const transport = createTransport({
    pool: true,
    maxConnections: 5,
    host: '127.0.0.1',
    port: sink.port,
    requireTLS: true,
    tls: { rejectUnauthorized: false },
  });
  const begin = performance.now();
  let left = mails;
  const sender = async () => {
    while (left > 0) {
      left -= 1;
      await transport.sendMail({ from: PEOPLE.anna, to: PEOPLE.person, subject: 'Bench', text });
    }
  };
  await Promise.all(Array.from({ length: 10 }, sender));
  const rate = mails / ((performance.now() - begin) / 1_000);
  transport.close();
  return rate;
}
