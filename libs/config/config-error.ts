// SPDX-License-Identifier: Apache-2.0
/** One wrong setting, told so that it can be put right without reading code. */
export interface ConfigProblem {
  /** Such as `tenants[0].mailServers[1].port`; empty for the file as a whole. */
  path: string;
  /** `securemail.yaml:12`, `SECUREMAIL_INTAKE__HTTP__PORT`, or the file alone where there is no line to show. */
  where: string;
  /** What is wrong with it, beginning with a verb: `is missing`. Never quotes a secret. */
  problem: string;
  /** What would be right; null where the problem says it. */
  right: string | null;
}

/** The configuration is refused. Its message lists every problem, one a line; none quotes a secret. */
export class ConfigError extends Error {
  override name = 'ConfigError';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(['The configuration is refused:', ...problems.map((each) => `  ${sentenceOf(each)}`)].join('\n'));
  }
}

function sentenceOf({ path, where, problem, right }: ConfigProblem): string {
  const subject = path === '' ? where : `${where}: ${path}`;
  return `${subject} ${problem}${right === null ? '' : `; right would be ${right}`}`;
}

/** `['tenants', 0, 'id']` as `tenants[0].id`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : `${text}${text === '' ? '' : '.'}${String(part)}`,
    '',
  );
}
