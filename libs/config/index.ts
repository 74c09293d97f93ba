// SPDX-License-Identifier: Apache-2.0
export { ConfigError, type ConfigProblem } from './config-error.ts';
export { loadConfig, type ConfigSource } from './load-config.ts';
export { secret } from './secret.ts';
