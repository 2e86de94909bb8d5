import { choice } from './button';
import { add, el, fill, shown } from './dom';
import { countText } from './format';
import { icon } from './icon';
import { Latest } from './latest';
import { Client } from './protocol';
import { troubleText } from './trouble';

/** What op search finds. */
export interface Found {
  file: string;
  path: string;
  kind: string;
  where: string;
  attribute?: string;
  excerpt?: string;
}

const limit = 200;

/** Search is the box that looks for names and attributes below the chosen group, and what it found. */
export class Search {
  readonly node: HTMLElement;
  readonly results = el('ul', { class: 'gofive-results', 'aria-label': 'Search results' });
  private input: HTMLInputElement;
  private where: HTMLSelectElement;
  private kind: HTMLSelectElement;
  private status = el('div', { class: 'gofive-status', role: 'status' });
  private latest = new Latest(e => fill(this.status, troubleText(e)));

  /** files gives those to search; open is called with what was chosen, toggled when results come or go. */
  constructor(private client: Client, private files: () => string[], private open: (f: Found) => void, private toggled: (on: boolean) => void) {
    this.input = el('input', { class: 'gofive-input', type: 'search', placeholder: 'Search', 'aria-label': 'Search names and attributes',
      on: { input: () => this.change(), keydown: e => this.key(e) } });
    this.where = choice('Search in', [['both', 'names, attributes'], ['names', 'names'], ['attrs', 'attributes']], 'both', () => this.change());
    this.kind = choice('Kind', [['', 'all kinds'], ['group', 'groups'], ['dataset', 'datasets']], '', () => this.change());
    const options = el('div', { class: 'gofive-options' }, this.where, this.kind);
    this.node = el('div', { class: 'gofive-search', role: 'search' }, this.input, options, this.status);
    shown(options, false);
    shown(this.results, false);
    this.input.addEventListener('input', () => shown(options, this.input.value !== ''));
  }

  /** Ends the search and shows the tree. */
  clear(): void {
    this.latest.cancel();
    this.input.value = '';
    this.input.dispatchEvent(new Event('input'));
  }

  private key(e: KeyboardEvent): void {
    e.stopPropagation();
    if (e.key === 'Escape' && this.input.value) {
      this.clear();
    }
  }

  private change(): void {
    const text = this.input.value.trim();
    shown(this.results, text !== '');
    this.toggled(text !== '');
    fill(this.results);
    fill(this.status, text && 'Searching …');
    if (text) {
      this.latest.soon(250, signal => this.run(text, signal));
    } else {
      this.latest.cancel();
    }
  }

  private async run(text: string, signal: AbortSignal): Promise<void> {
    let found = 0;
    let more = false;
    for (const file of this.files()) {
      const take = (items: Found[] = []) => {
        const kept = items.filter(f => !this.kind.value || f.kind === this.kind.value);
        found += kept.length;
        add(this.results, ...kept.map(f => this.row({ ...f, file })));
      };
      const answer = await this.client.request('search', { file, path: '/', text, in: this.where.value, limit }, {
        signal, onPart: part => { take(part.items); fill(this.status, `${countText(part.visited || 0)} objects searched …`); } });
      take(answer.items);
      more = more || answer.more;
    }
    fill(this.status, found === 0 ? 'Nothing found' : `${countText(found)} found${more ? '; there are more' : ''}`);
  }

  private row(f: Found): HTMLElement {
    const detail = f.where === 'name' ? '' : `${f.attribute || ''}: ${f.excerpt || ''}`;
    const button = el('button', { class: 'gofive-result', type: 'button', title: f.path, on: { click: () => this.open(f) } },
      icon(f.kind === 'dataset' ? 'dataset' : f.kind === 'group' ? 'group' : 'link'), el('span', { class: 'gofive-name' }, f.path),
      detail ? el('span', { class: 'gofive-remark' }, detail) : null);
    return el('li', {}, button);
  }
}
