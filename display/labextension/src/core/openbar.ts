import { textButton } from './button';
import { el, fill, shown } from './dom';
import { Latest } from './latest';
import { PathInput } from './pathinput';
import { Client } from './protocol';
import { troubleLine } from './trouble';

/** OpenBar asks for a path and opens the file there. opened gets its id. */
export class OpenBar {
  readonly node: HTMLElement;
  private box: PathInput;
  private trouble = el('div');
  private latest = new Latest(e => fill(this.trouble, troubleLine(e)));

  constructor(private client: Client, private opened: (file: string) => void) {
    this.box = new PathInput(client, null, 'Path of an HDF5 file', path => this.open(path));
    const go = textButton('Open', 'Open the file for reading', () => this.open(this.box.input.value));
    this.node = el('div', { class: 'gofive-openbar' }, this.box.node, go, this.trouble);
    shown(this.node, false);
  }

  toggle(): void {
    shown(this.node, this.node.hidden);
    if (!this.node.hidden) {
      this.box.input.focus();
    }
  }

  private open(path: string): void {
    if (!path) {
      return;
    }
    fill(this.trouble);
    void this.latest.run(async signal => {
      const answer = await this.client.request('open', { path }, { signal });
      this.box.input.value = '';
      shown(this.node, false);
      this.opened(answer.file);
    });
  }
}
