// SPDX-License-Identifier: Apache-2.0
export type { Change, Provenance } from './change.ts';
export {
  decide,
  isOwn,
  scopesThatInherit,
  type Command,
  type Decision,
  type Surroundings,
  type Wanted,
} from './decide.ts';
export { diff, type Difference } from './diff.ts';
export {
  effective,
  effectiveFor,
  fileLayer,
  layersFor,
  type Base,
  type EffectiveLeaf,
  type NamedLayer,
  type Origin,
} from './effective.ts';
export { judge, originText, type Fault, type Judged, type Rulebook } from './judge.ts';
export { layerSchema } from './layer-schema.ts';
export { patchBetween, patched } from './patch.ts';
export { domainOfScope, domainScope, lineOf, readScope, scopeText, TENANT, type Scope } from './scope.ts';
export { evolve, layerOf, NOTHING_SET, type Layer, type State } from './state.ts';
export { isGroup, leavesOf, pathText, treeOf, type Leaf, type Tree } from './tree.ts';
export { appendChange, changesSince, historyOfChanges, type HistoryFilter } from './stored/changes.ts';
export { changeSettings, readState } from './stored/change-settings.ts';
export { followChanges, type Following, type FollowOptions } from './stored/follow.ts';
export { migrateSettings, SETTINGS_SCHEMA } from './stored/migrate.ts';
