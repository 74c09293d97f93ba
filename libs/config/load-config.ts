// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { ConfigError, pathText, type ConfigProblem } from './config-error.ts';
import { applyOverride, readEnvironment } from './environment.ts';
import { problemsOf, valueAt } from './problems-of.ts';
import { schemaTreeOf } from './schema-tree.ts';
import { readTextFiles, UNREAD } from './text-files.ts';
import { NO_FILE, readYamlFile } from './yaml-file.ts';

export interface ConfigSource<Schema extends z.ZodType> {
  /** Use `z.strictObject` throughout: an unknown setting is a slip of the pen that must not pass in silence. */
  schema: Schema;
  /** The YAML file. Without it only the environment and the schema's defaults count. */
  path?: string | undefined;
  /** Default: `process.env`. */
  env?: NodeJS.ProcessEnv;
  /** Of the variables that override settings. Default: `SECUREMAIL_`. */
  prefix?: string;
}

/**
 * Reads the configuration: the schema's defaults, over them the file, over that the environment.
 *
 * @throws ConfigError with every problem that was found, none of which quotes a secret.
 */
export function loadConfig<Schema extends z.ZodType>(source: ConfigSource<Schema>): z.output<Schema> {
  const { schema, path, env = process.env, prefix = 'SECUREMAIL_' } = source;
  const root = schemaTreeOf(schema);
  const file = path === undefined ? NO_FILE : readYamlFile(path);
  const { overrides, problems } = readEnvironment(env, prefix, root);
  const written = structuredClone(file.settings);
  for (const override of overrides) applyOverride(written, override);

  const where = (at: readonly PropertyKey[]) =>
    overrides.find((each) => startsWith(at, each.path) || startsWith([...at, 'file'], each.path))?.variable ??
    file.where(at);
  const report = (at: readonly PropertyKey[], problem: string, right: string) => {
    problems.push({ path: pathText(at), where: where(at), problem, right });
  };
  const fromFiles = new Set<string>();
  const remember = (at: readonly PropertyKey[]) => fromFiles.add(pathText(at));
  const settings = readTextFiles(written, root, [], { report, remember });

  // Without a message of its own, an issue is described from the schema: see problemsOf.
  const result = schema.safeParse(settings, { error: () => '' });
  const found: ConfigProblem[] = result.success
    ? []
    : problemsOf(
        result.error.issues.filter((issue) => valueAt(settings, issue.path) !== UNREAD),
        { settings, root, where },
      ).map((each) => (fromFiles.has(each.path) ? { ...each, problem: 'holds no acceptable text' } : each));
  if (!result.success || problems.length > 0) throw new ConfigError([...problems, ...found]);
  return result.data;
}

/** A fault inside of what a variable set is the variable's. */
const startsWith = (path: readonly PropertyKey[], start: readonly PropertyKey[]): boolean =>
  start.length <= path.length && start.every((part, index) => part === path[index]);
