// SPDX-License-Identifier: Apache-2.0
import { Component, type ReactNode } from 'react';
import { Unreachable } from '../api.ts';
import { Problem } from './problem.tsx';

/** A page whose script did not arrive, or is there no more since a newer one is: it is said, and loaded anew. */
export class Fetched extends Component<{ children: ReactNode }, { isLost: boolean }> {
  override state = { isLost: false };
  static getDerivedStateFromError(): { isLost: boolean } {
    return { isLost: true };
  }
  override render(): ReactNode {
    if (!this.state.isLost) return this.props.children;
    return <Problem error={new Unreachable('no script')} onTryAgain={() => location.reload()} />;
  }
}
