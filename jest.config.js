// SPDX-License-Identifier: Apache-2.0

import { availableParallelism } from 'node:os';

/** One configuration for every package: TypeScript through SWC, as native ES modules. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  testMatch: ['<rootDir>/{libs,services,apps,bench,deploy}/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.nx'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  globalSetup: '<rootDir>/libs/testing/jest/global-setup.ts',
  globalTeardown: '<rootDir>/libs/testing/jest/global-teardown.ts',
  testTimeout: 120_000,
  // Suites wait for servers and timers more than they compute: four at once, also on two cores.
  maxWorkers: Math.max(4, availableParallelism() - 1),
  // A worker keeps what every suite has loaded: the heap grew to gigabytes, collecting it took seconds, and tests ran
  // out of time. With a limit Jest ends a worker with all that a failed test left.
  workerIdleMemoryLimit: '512MB',
};
