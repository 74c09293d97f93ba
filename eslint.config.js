// SPDX-License-Identifier: Apache-2.0
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import headers from 'eslint-plugin-headers';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/** Dependencies point inwards and never sideways: apps → services → libs (docs/architecture.md). */
const boundaries = [
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:service', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:service', 'type:lib'] },
  { sourceTag: 'type:deploy', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:bench', onlyDependOnLibsWithTags: ['type:app', 'type:service', 'type:lib'] },
];

/** Our attribute and metric names stand in one file. */
const NAMES_ELSEWHERE = 'Names of attributes and metrics stand in libs/telemetry/names.ts.';
/** Names of tracers, hosts and files look alike. */
const NO_NAME = '(intake|crypto|delivery|receipts|mailbox|localhost|yaml|batch)$';
const namesElsewhere = [
  String.raw`Literal[value=/^(smtp|messaging|tls)\.[a-z_.]+$/]`,
  String.raw`Literal[value=/^securemail\.(?!${NO_NAME})[a-z_.]+$/]`,
  String.raw`TemplateElement[value.raw=/^(smtp|messaging|tls|securemail\.(?!${NO_NAME})[a-z_]+)\.[a-z_.]*$/]`,
].map((selector) => ({ selector, message: NAMES_ELSEWHERE }));

/** A browser that can't read one expression runs nothing of the file that it stands in (docs/operations.md says which browsers). */
const lookbehinds = [
  String.raw`Literal[regex.pattern=/\(\?<[=!]/]`,
  String.raw`Literal[value=/\(\?<[=!]/]`,
  String.raw`TemplateElement[value.raw=/\(\?<[=!]/]`,
].map((selector) => ({ selector, message: 'Safari before 16.4 reads no lookbehind.' }));

export default tseslint.config(
  { ignores: ['dist/**', '**/node_modules/**', '.nx/**', '**/assembly/**'] },
  {
    files: ['**/*.{ts,tsx,js}'],
    plugins: { headers },
    rules: {
      'headers/header-format': [
        'error',
        {
          source: 'string',
          style: 'line',
          content: 'SPDX-License-Identifier: Apache-2.0',
        },
      ],
    },
  },
  {
    // Whatever reads what strangers write takes no longer than that is long. Elsewhere a sandbox bounds it, or nobody else writes.
    files: ['libs/{mime,smime,pdf,telemetry,ledger,service,event-log}/**/*.ts', 'services/**/*.ts'],
    ignores: ['**/*.test.ts', '**/testing/**'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'certain' }],
      'regexp/no-super-linear-move': 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './apps/{mailbox,console}-web/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // What an own file is depends on where it runs: libs/ledger/package.json says it.
      '@nx/enforce-module-boundaries': ['error', { depConstraints: boundaries, allow: ['#primitives'] }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-extraneous-class': 'off', // A Nest module is an empty class with a decorator.
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off', // Nest types its options as classes and takes plain objects.
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-console': 'error',
    },
  },
  {
    // Components hand on what they call.
    files: ['apps/{mailbox,console}-web/**/*.{ts,tsx}'],
    rules: { '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }] },
  },
  {
    files: ['{libs,services,apps,bench,deploy}/**/*.ts'],
    ignores: ['libs/telemetry/names.ts', '**/*.test.ts', '**/*.contract.ts'],
    rules: { 'no-restricted-syntax': ['error', ...namesElsewhere] },
  },
  {
    files: ['apps/{mailbox,console}-web/src/**/*.{ts,tsx}'],
    rules: { 'no-restricted-syntax': ['error', ...namesElsewhere, ...lookbehinds] },
  },
  {
    files: ['services/*/domain/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                '**/adapters/**',
                '@nestjs/*',
                'pg',
                'kafkajs',
                'nodemailer',
                'node:*',
                '@securemail/event-store',
                '@securemail/event-log',
                '@securemail/vault',
                '@securemail/telemetry',
              ],
              message: 'The domain is pure: no I/O, no framework.',
            },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        ...namesElsewhere,
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time comes in as an argument.',
        },
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'Time comes in as an argument.',
        },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: 'Randomness comes in as an argument.',
        },
      ],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.contract.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
    },
  },
  { files: ['apps/cli/**/*.ts', 'bench/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    // What a reader copies out of a README.
    files: ['libs/*/examples/*.ts'],
    rules: { 'no-console': 'off', '@nx/enforce-module-boundaries': 'off' },
  },
  prettier,
);
