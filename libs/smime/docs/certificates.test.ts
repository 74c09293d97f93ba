// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import * as smime from '../index.ts';
import { httpFetcher, revocationChecker, type PathRevocation } from '../index.ts';
import { rfc822Name, subjectAltName } from '../testing/draw-certificate.ts';
import { revocationAuthority } from '../testing/revocation-authority.ts';

const page = await readFile(join(import.meta.dirname, 'certificates.md'), 'utf8');
const example = /```ts\n(.*?)```/s.exec(page)?.[1] ?? '';

/** What the compiler says of a file beside the page. */
function mistakesIn(source: string): string[] {
  const root = join(import.meta.dirname, '../../..');
  const config: unknown = ts.readConfigFile(join(root, 'tsconfig.json'), (path) =>
    ts.sys.readFile(path),
  ).config;
  const { options } = ts.convertCompilerOptionsFromJson(
    (config as { compilerOptions: unknown }).compilerOptions,
    root,
  );
  const path = join(import.meta.dirname, 'example.ts');
  const host = ts.createCompilerHost(options);
  const files = { exists: host.fileExists.bind(host), read: host.readFile.bind(host) };
  host.fileExists = (each) => each === path || files.exists(each);
  host.readFile = (each) => (each === path ? source : files.read(each));
  const program = ts.createProgram([path], options, host);
  const file = program.getSourceFile(path);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

/** The example of the page, which reads its files from here. */
async function runExample(files: Record<string, string>): Promise<PathRevocation> {
  const [, names = '', code = ''] =
    /^import \{([^}]*)\} from '@securemail\/smime';\n(.*)$/ms.exec(example) ?? [];
  const given = {
    ...smime,
    // Our authority is on this machine.
    revocationChecker: () => revocationChecker({ fetcher: httpFetcher({ privateHosts: true }) }),
  };
  const body = `return (async () => { const {${names}} = given; ${code} return { ok, verdict }; })()`;
  const run = compileFunction(body, ['given', 'readFile', 'console']) as (
    ...args: unknown[]
  ) => Promise<PathRevocation>;
  return await run(given, (name: string) => Promise.resolve(files[name]), { log: () => undefined });
}

describe('the example of how certificates are judged', () => {
  it('compiles as it stands', () => {
    expect(mistakesIn(example)).toEqual([]);
  });

  it.each([
    ['', { ok: true, verdict: { status: 'good' } }],
    ['260101000000Z,keyCompromise', { ok: false, verdict: { status: 'revoked', reason: 'keyCompromise' } }],
  ])('runs, with a certificate that is revoked or not: %p', async (revoked, outcome) => {
    const authority = await revocationAuthority();
    try {
      const names = subjectAltName(rfc822Name('bob@xn--bcher-kva.example'));
      const bob = await authority.issue({ tells: 'both', revoked, names });
      const root = authority.root.certificate.x509.toString();
      const files = { 'bob.pem': bob.x509.toString(), 'roots.pem': root, 'authorities.pem': root };
      expect(await runExample(files)).toMatchObject(outcome);
    } finally {
      await authority.close();
    }
  });
});
