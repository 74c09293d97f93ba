// SPDX-License-Identifier: Apache-2.0
import { startTelemetry } from '@securemail/telemetry';
import { runDemo, type DemoResult } from '../demo/run-demo.ts';
import { startDemoWorld } from '../world/demo-world.ts';

export interface DemoOptions {
  data: string;
  bus: 'postgres' | 'kafka';
  json: boolean;
}

/** `securemail demo`: the whole way of real mails, checked. Resolves to the exit code. */
export async function demo({ data, bus, json }: DemoOptions): Promise<number> {
  // What is shown here is for people; LOG_LEVEL brings the lines for machines back.
  process.env['LOG_LEVEL'] ??= 'warn';
  const telemetry = await startTelemetry({ serviceName: 'securemail' });
  const say = (line: string) => {
    process.stderr.write(`${line}\n`);
  };
  let result: DemoResult = {
    ok: false,
    incoming: [],
    refusals: [],
    receipts: { problems: [] },
    emails: [],
  };
  try {
    const ports = { httpPort: 0, smtpPort: 0, inboundPort: 0 };
    const world = await startDemoWorld({ dataDir: data, bus, ...ports, say, mailbox: true, hurried: true });
    try {
      result = await runDemo(world, (text) => process.stdout.write(text));
    } finally {
      await world.close();
    }
  } catch (error) {
    say(`The demo did not come to its end: ${error instanceof Error ? error.message : String(error)}`);
  }
  await telemetry.shutdown();
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else
    process.stdout.write(
      result.ok ? 'All mails went as they should.\n' : 'Something is not as it should be; see ✘ above.\n',
    );
  return result.ok ? 0 : 1;
}
