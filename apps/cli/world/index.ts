// SPDX-License-Identifier: Apache-2.0
export { ensureDemoFiles, pathsIn, PEOPLE, type DemoPaths } from './demo-files.ts';
export { demoSettings, type DemoSurroundings } from './demo-settings.ts';
