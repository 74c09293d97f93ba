// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoWorld } from '../world/demo-world.ts';
import { PEOPLE } from '../world/demo-files.ts';
import { summaryOf } from '../timeline.ts';
import { DEMO_REFUSALS, GUARDED_MAILS, type DemoRefusal } from './guarded-mails.ts';
import { beginConversation } from './conversation.ts';
import { beginLetter } from './letter.ts';
import { startListeningSystem, type ListeningSystem } from './listening-system.ts';
import { DEMO_MAILS, type DemoMail } from './mails.ts';
import { openWithOpenssl } from './openssl.ts';
import { isOfDelay } from './receipt-subject.ts';
import { runIncoming, type IncomingResult } from './run-incoming.ts';
import { beginTakingBack } from './taken-back.ts';
import { beginDigest, beginWaiting } from './told-later.ts';
import { beginTroubles } from './told-of-trouble.ts';
import { showReceipts, type ShownReceipts } from './show-receipts.ts';

export interface DemoResult {
  ok: boolean;
  /** Mails from outside. */
  incoming: IncomingResult[];
  /** Mails that were to be refused. */
  refusals: { title: string; problems: string[] }[];
  receipts: ShownReceipts;
  emails: {
    emailId: string;
    title: string;
    state: string;
    method: string | null;
    methods: (string | null)[];
    acceptedToSentMs: number | null;
    problems: string[];
  }[];
}

interface View {
  state: string;
  guards: { guard: string; action: string; title: string; text: string }[];
  acceptedAt: string;
  acceptedToSentMs: number | null;
  recipients: { address: string; method: string | null; status: string }[];
  receipt: { deliveredAt: string | null; outcome: string } | null;
}

interface EventView {
  name: string;
  source: string;
  time: string;
  traceparent: string | null;
  data: unknown;
}

/** How long a mail may take before the demo says that something is wrong. */
const PATIENCE_MS = 60_000;

/** Sends one mail of every kind, waits, and checks what arrived with a program that isn't ours. */
export async function runDemo(world: DemoWorld, print: (text: string) => void): Promise<DemoResult> {
  const system = await startListeningSystem(world);
  try {
    return await runBeside(world, system, print);
  } finally {
    await system.close();
  }
}

async function runBeside(
  world: DemoWorld,
  system: ListeningSystem,
  print: (text: string) => void,
): Promise<DemoResult> {
  const waiting = await beginWaiting(world);
  const toldLater = [
    await beginDigest(world),
    await beginConversation(world),
    await beginLetter(world),
    await beginTakingBack(world),
    await beginTroubles(world),
    waiting,
  ];
  const sent: { mail: DemoMail; emailId: string }[] = [];
  for (const mail of [...DEMO_MAILS, ...GUARDED_MAILS]) sent.push({ mail, emailId: await mail.send(world) });
  const emails = [];
  for (const { mail, emailId } of sent) {
    let view = await settled(world, emailId);
    if (mail.decide !== undefined) {
      await mail.decide(world, emailId);
      await toldAgain(world, emailId);
      view = await settled(world, emailId);
    }
    const problems = await check(world, mail, emailId, view);
    const { events } = (await ask(world, `/v1/emails/${emailId}/events`)) as { events: EventView[] };
    print(report(mail, emailId, view, events, problems));
    const methods = view.recipients.map(({ method }) => method);
    const { state, acceptedToSentMs } = view;
    emails.push({
      emailId,
      title: mail.title,
      state,
      method: methods[0] ?? null,
      methods,
      acceptedToSentMs,
      problems,
    });
  }
  const refusals = [];
  for (const refusal of DEMO_REFUSALS) refusals.push(await refused(world, refusal, print));
  const incoming = await runIncoming(world, print);
  // One of each state.
  const shown = [...new Map(emails.map((email) => [email.state, email.emailId])).values()];
  const receipts = await showReceipts(world, system, shown, print);
  print(`  ${verdictOn(receipts.problems, 'as it should be')}\n\n`);
  for (const { show } of toldLater) {
    const problems = await show(print);
    print(`  ${verdictOn(problems, 'as it should be')}\n\n`);
    receipts.problems.push(...problems);
  }
  const ok = [...emails, ...refusals, ...incoming, receipts].every(({ problems }) => problems.length === 0);
  return { ok, incoming, refusals, receipts, emails };
}

/** Hands in what a guard is not to take, and shows what its sender is told. */
async function refused(
  world: DemoWorld,
  { title, send, expect }: DemoRefusal,
  print: (text: string) => void,
): Promise<DemoResult['refusals'][number]> {
  const told = await send(world).then(
    () => 'It was taken.',
    (error: unknown) => (error as { response?: string }).response ?? String(error),
  );
  const problems = told.includes(`[${expect}]`) ? [] : [`it was not refused as ${expect}`];
  print(`${title}\n  ✋ ${told}\n  ${verdictOn(problems, 'refused, as it should be')}\n\n`);
  return { title, problems };
}

const verdictOn = (problems: readonly string[], right: string): string =>
  problems.length === 0 ? `✔ ${right}` : problems.map((each) => `✘ ${each}`).join('\n  ');

async function ask({ gateway, apiKey }: DemoWorld, path: string): Promise<unknown> {
  const response = await fetch(gateway.url + path, { headers: { Authorization: `Bearer ${apiKey}` } });
  return response.ok ? response.json() : null;
}

/** The email once its sender has the receipt. */
async function settled(world: DemoWorld, emailId: string): Promise<View> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const view = (await ask(world, `/v1/emails/${emailId}`)) as View | null;
    if (view?.receipt?.deliveredAt != null) return view;
    if (Date.now() > giveUpAt) throw new Error(`${emailId} was not settled in time: ${JSON.stringify(view)}`);
    await sleep(100);
  }
}

/** How many receipts for an email its sender has, but for those that say that it is under way, on a slow machine. */
const receiptsOf = ({ ownMailServer }: DemoWorld, emailId: string): number =>
  ownMailServer
    .received()
    .filter(({ rcptTo, content }) => rcptTo.includes(PEOPLE.anna) && content.includes(emailId))
    .filter(({ content }) => !isOfDelay(content)).length;

/** Waits until the sender was told how a decision ended. */
async function toldAgain(world: DemoWorld, emailId: string): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (receiptsOf(world, emailId) < 2) {
    if (Date.now() > giveUpAt) throw new Error(`${emailId}: its sender was not told how the decision ended`);
    await sleep(100);
  }
}

/** Everything that is not as it should be, in words. */
async function check(
  world: DemoWorld,
  { expect, decide }: DemoMail,
  emailId: string,
  view: View,
): Promise<string[]> {
  const problems: string[] = [];
  if (view.state !== expect.state) problems.push(`state is ${view.state}, not ${expect.state}`);
  const guards = view.guards.map(({ guard, action }) => `${guard} ${action}`).join(', ');
  if (guards !== (expect.guards ?? []).join(', ')) problems.push(`guards found "${guards}"`);
  for (const [index, { address, method, holds }] of expect.recipients.entries()) {
    // In their order, for an address may have been corrected.
    const recipient = view.recipients[index];
    if (recipient?.method !== method)
      problems.push(`${address} got the method ${recipient?.method ?? 'none'}, not ${method ?? 'none'}`);
    problems.push(...(await checkArrival(world, emailId, address, method, holds)));
  }
  const receipts = receiptsOf(world, emailId);
  const wanted = decide === undefined ? 1 : 2;
  if (receipts !== wanted) problems.push(`the sender got ${receipts} receipts, not ${wanted}`);
  return problems;
}

async function checkArrival(
  world: DemoWorld,
  emailId: string,
  address: string,
  method: string | null,
  holds: string,
): Promise<string[]> {
  const { ownMailServer, outside, provingServer } = world;
  const server = method === 'internal' ? ownMailServer : method === 'tls' ? provingServer : outside;
  const arrived = [ownMailServer, outside, provingServer]
    .flatMap((each) => each.received())
    .filter(({ rcptTo, content }) => rcptTo.includes(address) && content.includes(emailId));
  if (method === null) return arrived.length === 0 ? [] : [`${address} got a mail that was to be held`];
  const [mail] = arrived;
  if (mail === undefined || arrived.length > 1) return [`${address} got ${arrived.length} mails, not 1`];
  if (!server.received().includes(mail)) return [`${address}: the mail came the wrong way`];
  if (method === 'internal' || method === 'tls') {
    if (mail.tls === null) return [`${address}: the mail came without TLS`];
    return mail.content.includes(holds) ? [] : [`${address}: the mail is not what was sent`];
  }
  if (mail.content.includes(holds)) return [`${address}: the mail can be read on the way`];
  try {
    const opened = await openWithOpenssl(mail.content, {
      keyPath: world.paths.keyOf(address),
      certificatePath: world.paths.certificateOf(address),
      authorityPath: world.paths.authority,
    });
    return opened.includes(holds) ? [] : [`${address}: what openssl opened is not what was sent`];
  } catch (error) {
    return [`${address}: ${error instanceof Error ? error.message : 'openssl failed'}`];
  }
}

function report(
  mail: DemoMail,
  emailId: string,
  view: View,
  events: readonly EventView[],
  problems: readonly string[],
): string {
  const begin = Date.parse(view.acceptedAt);
  const lines = events.map(
    (event) =>
      `    ${String(Date.parse(event.time) - begin).padStart(6)} ms  ${event.source.padEnd(8)}  ${summaryOf(event)}`,
  );
  const [, traceId = 'none'] = (events[0]?.traceparent ?? '').split('-');
  const notes = view.guards.map(({ title, text }) => `\n  ✋ ${title}\n     ${text}`).join('');
  const verdict = verdictOn(problems, 'as it should be, opened and verified by openssl where encrypted');
  const head = `${mail.title}\n  ${emailId} · ${view.state} · ${view.recipients.map(({ method }) => method ?? 'none').join(', ')} · trace ${traceId}${notes}`;
  return `${head}\n${lines.join('\n')}\n  ${verdict}\n\n`;
}
