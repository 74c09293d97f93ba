// SPDX-License-Identifier: Apache-2.0
import type { SealedEvent } from '@securemail/contracts';
import { toldToStop } from '@securemail/service';
import { scrapable, startTelemetry } from '@securemail/telemetry';
import { followEvents } from '../live-feed.ts';
import { summaryOf } from '../timeline.ts';
import { PEOPLE } from '../world/demo-files.ts';
import type { Written } from '../world/arrivals.ts';
import { startDemoWorld, type DemoWorld } from '../world/demo-world.ts';
import { answering, handIn, quoted } from './answering.ts';

export interface StartOptions {
  data: string;
  bus: 'postgres' | 'kafka';
  httpPort: number;
  smtpPort: number;
  inboundPort: number;
  metricsPort: number;
}

/** `securemail start`: everything in one process, until Ctrl-C. */
export async function start(options: StartOptions): Promise<void> {
  const { data, bus, httpPort, smtpPort, inboundPort, metricsPort } = options;
  // What is shown here is for people; LOG_LEVEL brings the lines for machines back.
  process.env['LOG_LEVEL'] ??= 'warn';
  const metrics = await scrapable({ host: '127.0.0.1', port: metricsPort });
  const telemetry = await startTelemetry({ serviceName: 'securemail', metricReaders: [metrics.reader] });
  const welcomed = Promise.withResolvers<undefined>();
  const showEvents = (events: SealedEvent[]) =>
    welcomed.promise.then(() => {
      for (const event of events) process.stdout.write(`${lineFor(event)}\n`);
    });
  const showLink = (to: string, link: string) =>
    welcomed.promise.then(() => {
      process.stdout.write(`${new Date().toISOString().slice(11, 23)}  SecureMailBox, for ${to}: ${link}\n`);
    });
  const showWritten = (written: Written) =>
    welcomed.promise.then(() => {
      process.stdout.write(writtenText(written, world));
    });
  const world: DemoWorld = await startDemoWorld({
    dataDir: data,
    bus,
    httpPort,
    smtpPort,
    inboundPort,
    say,
    arrivalsAsFiles: true,
    onLink: (to, link) => void showLink(to, link),
    onWritten: (written) => void showWritten(written),
    mailbox: true,
    beforeServices: (databaseUrl) => followEvents(databaseUrl, (events) => void showEvents(events)),
  });
  process.stdout.write(welcome(world, metrics.url));
  welcomed.resolve(undefined);
  await toldToStop();
  say('stopping: nothing new is taken, what is in hand is finished');
  await world.close();
  await telemetry.shutdown();
}

const say = (line: string) => {
  process.stderr.write(`${line}\n`);
};

const lineFor = (event: SealedEvent) =>
  `${event.time.slice(11, 23)}  ${event.emailId}  ${event.source.padEnd(8)}  ${summaryOf(event)}`;

/** What a line of a terminal may have in it of what others wrote. */
const shown = (text: string) => text.replaceAll(/\p{C}/gu, '');

function writtenText(written: Written, { gateway, paths }: DemoWorld): string {
  const { from, to, subject, messageId } = written;
  const time = new Date().toISOString().slice(11, 23);
  const what = shown(`from ${from} for ${to}: "${subject}", ${messageId}`);
  const command = shown(answering(written, { url: gateway.url, apiKey: paths.apiKey }));
  return `${time}  SecureMailBox, ${what}\n              Answer it there as ${shown(to)}:\n${command}\n`;
}

function welcome({ gateway, paths, settings }: DemoWorld, metrics: string): string {
  const { url, smtpPort, inboundPort } = gateway;
  const bus =
    settings.eventLog.kind === 'kafka'
      ? `Kafka at ${settings.eventLog.brokers.join(', ')}`
      : 'Postgres (embedded)';
  const site = settings.tenants[0]?.mailbox?.url ?? url;
  const consoleUrl = settings.console?.url ?? url;
  const post = handIn({ url, apiKey: paths.apiKey });
  const secret = `{"from":"${PEOPLE.anna}","to":["${PEOPLE.stranger}"],"subject":"Decision","text":"Dear Kim, …"}`;
  const mail = `{"from":"${PEOPLE.anna}","to":["${PEOPLE.person}"],"subject":"Journal","text":"Dear Bo, …"}`;
  return `
Secure@Mail is running.

  API            ${url}           try it at ${url}/docs
  SMTP           127.0.0.1:${smtpPort ?? 0}   STARTTLS; user "demo", password: the API key
  From outside   127.0.0.1:${inboundPort ?? 0}   as an MX record would lead there: mail to ${PEOPLE.anna} and the others
  Event log      ${bus}
  SecureMailBox  ${site}/mailbox/o/demo   where people outside read, and write; codes are among the arrived mail
  Console        ${consoleUrl}/console/   as "demo", or "auditor"; password: ${paths.consolePassword}
  Metrics        ${metrics}   for Prometheus, with deploy/observability/prometheus/rules.yml
  Data           ${paths.root}   (survives restarts; delete it to begin anew)
  Arrived mail   ${paths.arrived}   one file for each that a demo mail server got
  Configuration  ${paths.config}
  API key        ${paths.apiKey}

Five commands to try, in another terminal:

  # 1. Hand in a mail for a person who has a certificate
  ${post}${quoted(mail)}

  # 2. Send one over SMTP to an organisation (tunnel mail), asked for in the subject
  printf 'From: ${PEOPLE.anna}\\r\\nTo: ${PEOPLE.clerk}\\r\\nSubject: [secure] Referral\\r\\n\\r\\nDear colleagues\\r\\n' | curl -s --ssl-reqd --cacert ${quoted(paths.authority)} smtp://127.0.0.1:${smtpPort ?? 0} -u "demo:$(cat ${quoted(paths.apiKey)})" --mail-from ${PEOPLE.anna} --mail-rcpt ${PEOPLE.clerk} -T -

  # 3. Send one from outside; it arrives marked, with a Signature certificate
  printf 'From: ${PEOPLE.person}\\r\\nTo: ${PEOPLE.anna}\\r\\nSubject: Hello\\r\\n\\r\\nDear Anna\\r\\n' | curl -s smtp://127.0.0.1:${inboundPort ?? 0} --mail-from ${PEOPLE.person} --mail-rcpt ${PEOPLE.anna} -T -

  # 4. Write to somebody whom only SecureMailBox reaches; then open the link that is shown here; the code it sends is in the newest file of ${quoted(`${paths.arrived}/outside`)}. What you write there is shown here once it arrives, with the command by which its case worker answers
  ${post}${quoted(secret)}

  # 5. See what became of them
  curl -s ${url}/v1/emails -H "Authorization: Bearer $(cat ${quoted(paths.apiKey)})"

Every event of every mail follows here as it happens. Ctrl-C stops.

`;
}
