// SPDX-License-Identifier: Apache-2.0
import { cpus } from 'node:os';
import { directRate } from './direct.ts';
import { quantile } from '../quantile.ts';
import { startMeasuredGateway } from '../gateway-process.ts';
import { handIn, sentEmails, type SentEmail } from './load.ts';

export interface FlowOptions {
  rate: number;
  seconds: number;
  bytes: number;
  bus: string[];
  json: boolean;
}

interface Row {
  bus: string;
  mails: number;
  offeredPerSec: number;
  /** Mails of the same size a second by nodemailer alone, straight into the sink, in the same run. */
  directPerSec: number;
  ratioToDirect: number;
  sentPerSec: number;
  p50Ms: number;
  p99Ms: number;
  cpuSecondsPerMail: number;
  /** Resident memory of the gateway's process when a quarter, a half, three quarters and all were handed in. */
  rssMiB: number[];
}

/** `bench flow`: for each event log a fresh gateway, a warm-up, then mails at the fixed rate. */
export async function flow({ rate, seconds, bytes, bus, json }: FlowOptions): Promise<void> {
  const rows: Row[] = [];
  for (const each of bus)
    rows.push(await measure(each, { rate, mails: Math.ceil((rate * seconds) / 4) * 4, bytes }));
  if (json) {
    console.log(JSON.stringify({ suite: 'flow', cores: cpus().length, bytes, rows }));
    return;
  }
  console.log(
    `flow: ${bytes} octets a mail, ${rate} mails/s offered for ${seconds} s, ${cpus().length} cores, load, sinks and database on the same machine`,
  );
  console.table(
    rows.map(({ rssMiB, ...row }) => ({
      ...row,
      sentPerSec: row.sentPerSec.toFixed(1),
      directPerSec: row.directPerSec.toFixed(0),
      ratioToDirect: row.ratioToDirect.toFixed(3),
      cpuSecondsPerMail: row.cpuSecondsPerMail.toFixed(4),
      rssMiB: rssMiB.map((each) => each.toFixed(0)).join(' '),
    })),
  );
}

async function measure(bus: string, load: { rate: number; mails: number; bytes: number }): Promise<Row> {
  const gateway = await startMeasuredGateway(bus);
  try {
    const warmUp = { ...load, rate: Math.min(load.rate, 20), mails: 100 };
    await handIn(gateway, warmUp);
    await sentEmails(gateway, warmUp.mails);
    const directPerSec = await directRate(gateway.outside, 300, load.bytes);
    const before = await gateway.usage();
    const rssMiB: number[] = [];
    for (let quarter = 0; quarter < 4; quarter += 1) {
      await handIn(gateway, { ...load, mails: load.mails / 4 });
      rssMiB.push((await gateway.usage()).rssBytes / 2 ** 20);
    }
    const sent = await sentEmails(gateway, load.mails);
    const after = await gateway.usage();
    const times = sent.map(({ acceptedToSentMs }) => acceptedToSentMs);
    const elapsed = (lastOf(sent) - firstOf(sent)) / 1_000;
    const sentPerSec = load.mails / elapsed;
    return {
      bus,
      mails: load.mails,
      offeredPerSec: load.rate,
      directPerSec,
      sentPerSec,
      ratioToDirect: sentPerSec / directPerSec,
      p50Ms: quantile(times, 0.5),
      p99Ms: quantile(times, 0.99),
      cpuSecondsPerMail: (after.cpuSeconds - before.cpuSeconds) / load.mails,
      rssMiB,
    };
  } finally {
    await gateway.stop();
  }
}

const firstOf = (sent: readonly SentEmail[]) =>
  Math.min(...sent.map(({ acceptedAt }) => Date.parse(acceptedAt)));
const lastOf = (sent: readonly SentEmail[]) =>
  Math.max(...sent.map(({ acceptedAt, acceptedToSentMs }) => Date.parse(acceptedAt) + acceptedToSentMs));
