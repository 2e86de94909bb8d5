import { el, fill } from './dom';
import { Host } from './host';
import { Client } from './protocol';

export class Viewer {
  constructor(private node: HTMLElement, _client: Client, _host: Host, target: { file: string; path: string }) {
    fill(node, el('p', {}, target.path));
  }
  dispose(): void {
    fill(this.node);
  }
}
