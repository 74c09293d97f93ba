// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { headerIn } from '@securemail/mime';
import { readCertificates } from '@securemail/smime';
import { verificationText, verifySignatureCertificate } from '@securemail/signature-certificate';
import type { DemoWorld } from '../world/demo-world.ts';
import { bringFromOutside } from './hand-in.ts';
import { INCOMING_MAILS, type IncomingMail } from './incoming-mails.ts';

export interface IncomingResult {
  emailId: string;
  title: string;
  verdict: string | null;
  /** Where the mail lies as Anna got it, to be verified. */
  file: string;
  problems: string[];
}

/** How long a mail may take before the demo says that something is wrong. */
const PATIENCE_MS = 60_000;

/** Has somebody outside send a mail of every kind, and checks what the own mail server got. */
export async function runIncoming(
  world: DemoWorld,
  print: (text: string) => void,
): Promise<IncomingResult[]> {
  const results = [];
  for (const [index, mail] of INCOMING_MAILS.entries()) {
    const emailId = await bring(world, mail);
    const arrived = await arrival(world, mail, emailId);
    const file = join(world.paths.root, `incoming-${index + 1}.eml`);
    await writeFile(file, arrived);
    const { problems, verdict, words } = await check(world, mail, arrived);
    const [first, ...others] = words;
    const said = [first, ...others].map((line) => `\n       ${line ?? ''}`).join('');
    const wrong = problems.map((each) => `\n  ✘ ${each}`).join('');
    print(
      `${mail.title}\n  ${emailId} · ${verdict ?? 'no verdict'}${marksOf(arrived)}\n` +
        `     securemail verify ${file} --trust ${world.paths.authority}${said}` +
        `${problems.length === 0 ? '\n  ✔ as it should be' : wrong}\n\n`,
    );
    results.push({ emailId, title: mail.title, verdict, file, problems });
  }
  return results;
}

async function bring(world: DemoWorld, { from, to, tls, entity }: IncomingMail): Promise<string> {
  const header = `From: <${from}>\r\nTo: <${to}>\r\nSubject: The scan\r\nDate: ${new Date().toUTCString()}\r\nMessage-ID: <${crypto.randomUUID()}@outside.example>\r\n`;
  const raw = header + (await entity(world));
  return await bringFromOutside(world, { envelope: { from, to }, raw }, { tls });
}

async function arrival({ ownMailServer }: DemoWorld, { to }: IncomingMail, emailId: string): Promise<Buffer> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const mail = ownMailServer
      .received()
      .find(({ rcptTo, content }) => rcptTo.includes(to) && content.includes(emailId));
    if (mail !== undefined) return mail.content;
    if (Date.now() > giveUpAt) throw new Error(`${emailId} did not arrive in time`);
    await sleep(50);
  }
}

async function check({ paths }: DemoWorld, { expect }: IncomingMail, arrived: Buffer) {
  const header = headerIn(arrived);
  const verdict = header.get('X-SecureMail-Verdict') ?? null;
  const problems: string[] = [];
  if (verdict !== expect.verdict)
    problems.push(`the verdict is ${verdict ?? 'missing'}, not ${expect.verdict}`);
  const reservations = header.get('X-SecureMail-Reservations') ?? '';
  if (reservations !== expect.reservations.join(', '))
    problems.push(`the reservations are "${reservations}"`);
  if (header.get('X-SecureMail-Protection') !== expect.protection)
    problems.push(`it is not marked as ${expect.protection}`);
  if (!arrived.includes(expect.holds)) problems.push('it is not what was sent');
  if (arrived.includes('evil.example')) problems.push('its active parts are still there');
  const found = await verifySignatureCertificate({
    file: arrived,
    trustAnchors: readCertificates(paths.authorityPem),
    at: new Date(),
  });
  if (!found.holds) problems.push('its Signature certificate does not hold');
  return { problems, verdict, words: verificationText(found, 'en').slice(0, 6) };
}

function marksOf(arrived: Buffer): string {
  const reservations = headerIn(arrived).get('X-SecureMail-Reservations');
  return reservations === undefined ? '' : ` (${reservations})`;
}
