// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { domainToASCII } from 'node:url';
import { Language } from '@securemail/contracts';
import { readPasswordFile } from '@securemail/crypto';
import { whyNot } from '@securemail/service';
import {
  UnverifiableError,
  unverifiableText,
  verificationText,
  verifySignatureCertificate,
} from '@securemail/signature-certificate';
import { loadPkcs12, readCertificates, softwareUnwrapper } from '@securemail/smime';
import { Command, InvalidArgumentError, Option, type CommanderError } from 'commander';
import { askPassword } from './ask-password.ts';
import type { Out } from './common.ts';

interface Options {
  trust: readonly string[];
  organisation?: string;
  key?: string;
  passwordFile?: string;
  language: Language;
  json: boolean;
}

/** 0: it holds. 1: it does not. 2: it could not be verified. */
export type ExitCode = 0 | 1 | 2;

/** `securemail verify`: whether a Signature certificate holds, and the mail with it. Nothing is fetched. */
export function verify(
  { print, say, end }: Out & { end: (code: ExitCode) => void },
  password: (question: string) => Promise<string> = askPassword,
): Command {
  return new Command('verify')
    .argument('<file>', 'a mail (.eml), or the PDF of a Signature certificate alone')
    .description(
      'check a Signature certificate without a network: who signed it, and whether it and its mail are as they were',
    )
    .option(
      '--trust <file>',
      'certificates (PEM, DER, P7B) of authorities that you trust; as often as need be',
      (file: string, others: readonly string[]) => [...others, file],
      [],
    )
    .option(
      '--organisation <domain>',
      'whose certificate is to hold; without, that of whoever opened or sent it last',
      readDomain,
    )
    .option('--key <file>', 'a PKCS#12 file with the key of a mail that is encrypted')
    .option('--password-file <file>', 'with the password of that; without, it is asked for')
    .addOption(new Option('--language <language>', 'of the words').choices(Language.options).default('en'))
    .option('--json', 'everything that was found, as one line of JSON', false)
    .showHelpAfterError()
    .exitOverride(endAfterWrongUse)
    .action(async (path: string, options: Options) => {
      const { organisation, language, json } = options;
      try {
        const found = await verifySignatureCertificate({
          file: await readFile(path),
          trustAnchors: await certificatesIn(options.trust),
          at: new Date(),
          unwrappers: await unwrappersOf(options, password),
          organisation,
        });
        print(
          json
            ? `${JSON.stringify(found)}\n`
            : `${verificationText(found, language, { trustsNobody: options.trust.length === 0 }).join('\n')}\n`,
        );
        end(found.holds ? 0 : 1);
      } catch (error) {
        const unverifiable = error instanceof UnverifiableError ? error.code : null;
        if (json && unverifiable !== null) print(`${JSON.stringify({ unverifiable })}\n`);
        else say(`${unverifiable === null ? whyNot(error) : unverifiableText(unverifiable, language)}\n`);
        end(2);
      }
    });
}

/** 1 would say that something was looked at and does not hold. */
const endAfterWrongUse = ({ exitCode }: CommanderError): never => process.exit(exitCode === 0 ? 0 : 2);

function readDomain(text: string): string {
  const domain = domainToASCII(text.replace(/\.$/, ''));
  if (!domain.includes('.')) throw new InvalidArgumentError('a domain is wanted, such as kommune.example');
  return domain;
}

const certificatesIn = async (files: readonly string[]) =>
  (await Promise.all(files.map((file) => readFile(file)))).flatMap((file) => readCertificates(file));

async function unwrappersOf({ key, passwordFile }: Options, password: (question: string) => Promise<string>) {
  if (key === undefined) return [];
  const word =
    passwordFile === undefined
      ? await password('Password of the PKCS#12 file: ')
      : await readPasswordFile(passwordFile);
  return [softwareUnwrapper(loadPkcs12(await readFile(key), word))];
}
