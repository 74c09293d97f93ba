// SPDX-License-Identifier: Apache-2.0
import '@securemail/config/node-version';
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '@securemail/config';
import { SERVICES, type ServiceName } from '@securemail/contracts';
import { PlatformSettings, whyNot } from '@securemail/service';
import { createKeyFile } from '@securemail/vault';
import { audit } from './commands/audit.ts';
import { apiKeys } from './commands/api-keys.ts';
import { asking } from './ask.ts';
import { certificates } from './commands/certificates.ts';
import { configOption } from './commands/common.ts';
import { config } from './commands/config.ts';
import { consoleCommand } from './commands/console.ts';
import { database } from './commands/database.ts';
import { demo } from './commands/demo.ts';
import { forwardings } from './commands/forwardings.ts';
import { keys } from './commands/keys.ts';
import * as deadLetters from './commands/dead-letters.ts';
import { goOnWithoutReader } from './output.ts';
import { projections } from './commands/projections.ts';
import { retention } from './commands/retention.ts';
import { serve } from './commands/serve.ts';
import manifest from './package.json' with { type: 'json' };
import { start } from './commands/start.ts';
import { verify, type ExitCode } from './commands/verify.ts';

goOnWithoutReader();
const print = (text: string) => {
  process.stdout.write(text);
};
const say = (text: string) => {
  process.stderr.write(text);
};

const wholeNumber = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError('a whole number is wanted');
  return number;
};

const portNumber = (text: string): number => {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('a port is at most 65535; 0 takes any free one');
  return port;
};

const serviceName = (text: string): ServiceName => {
  const service = SERVICES.find((each) => each === text);
  if (service === undefined) throw new InvalidArgumentError(`one of ${SERVICES.join(', ')} is wanted`);
  return service;
};

const data = () => new Option('--data <folder>', 'where everything is kept').default('.securemail');
const bus = () =>
  new Option('--bus <kind>', 'what carries the events').choices(['postgres', 'kafka']).default('postgres');

const program = new Command('securemail')
  .description('A secure-mail gateway: mail goes in, protected mail comes out, the sender gets a receipt.')
  .version(manifest.version)
  .showHelpAfterError();

program
  .command('start')
  .description('run everything in one process, with a demo organisation and a demo outside world')
  .addOption(data())
  .addOption(bus())
  .option('--http-port <port>', 'port of the API', portNumber, 8025)
  .option('--smtp-port <port>', 'port for mail clients', portNumber, 2525)
  .option('--inbound-port <port>', 'port for mail from outside', portNumber, 2526)
  .option('--metrics-port <port>', 'port where Prometheus fetches metrics', portNumber, 9464)
  .action(start);

program
  .command('serve')
  .description('run every service in one process, from a configuration file')
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .option('--http-port <port>', 'port of the API', portNumber, 8025)
  .action(serve);

program
  .command('demo')
  .description('send real mails the whole way, open what arrives with openssl, show each timeline')
  .addOption(data().default('.securemail/demo'))
  .addOption(bus())
  .option('--json', 'print the result as one line of JSON, last', false)
  .action(async (options: Parameters<typeof demo>[0]) => {
    process.exitCode = await demo(options);
  });

program.addCommand(apiKeys(print));

const out = {
  print,
  say,
  fail: () => {
    process.exitCode = 1;
  },
};

program.addCommand(certificates(out));

program.addCommand(config({ ...out, ask: asking() }));

program.addCommand(consoleCommand(print));

program.addCommand(database({ print, say }));

program.addCommand(forwardings({ print, say }));

program.addCommand(keys({ print, say }));

const ending = {
  print,
  say,
  end: (code: ExitCode) => {
    process.exitCode = code;
  },
};

program.addCommand(verify(ending));

program.addCommand(audit(ending));

program.addCommand(retention(out));

program.addCommand(projections(out));

program
  .command('vault')
  .description('the content store')
  .command('create-key <file>')
  .description('make a key-encryption key; a file that is there is never overwritten')
  .action(createKeyFile);

const letters = program
  .command('dead-letters')
  .description(
    'events that a service could not handle: parked with their reason, later events of the same email behind them',
  )
  .addOption(configOption())
  .option('--service <name>', 'only this service', serviceName)
  .option('--json', 'one line of JSON', false);

const where = (): deadLetters.Where => {
  const { config, service, json } = letters.opts<{ config: string; service?: ServiceName; json: boolean }>();
  const { database } = loadConfig({ schema: PlatformSettings, path: config });
  return { databaseUrl: database.url, service: service ?? null, json };
};

letters
  .command('list')
  .option('--limit <count>', 'how many of each service', wholeNumber, 100)
  .option('--all', 'also those that are still retried', false)
  .action((page: { limit: number; all: boolean }) => deadLetters.list(where(), page, print));

letters.command('show <service> <number>').action(async (service: string, number: string) => {
  const found = await deadLetters.show(
    { ...where(), service: serviceName(service) },
    wholeNumber(number),
    print,
  );
  if (!found) process.exitCode = 1;
});

letters
  .command('replay [number]')
  .option('--all', 'every parked letter', false)
  .action(async (number: string | undefined, { all }: { all: boolean }) => {
    if ((number === undefined) !== all) throw new InvalidArgumentError('name one letter, or say --all');
    if (number !== undefined && where().service === null)
      throw new InvalidArgumentError('a number needs --service');
    const which = number === undefined ? { all: true as const } : { arrived: wholeNumber(number) };
    const replayed = await deadLetters.replay(where(), which, print);
    if (number !== undefined && replayed === 0) process.exitCode = 1;
  });

await program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${whyNot(error)}\n`);
  process.exitCode = 1;
});
