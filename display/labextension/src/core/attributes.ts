import { add, el, fill } from './dom';
import { textButton } from './button';
import { countText, shapeText } from './format';
import { Attribute } from './item';
import { Client } from './protocol';
import { troubleLine } from './trouble';
import { visibleLines } from './visible';

const page = 100;

/** AttributeList shows the attributes of an object, a page at a time. */
export class AttributeList {
  readonly node = el('div', { class: 'gofive-attributes' });
  private body = el('tbody');
  private more = el('div');

  constructor(private client: Client, private file: string, private path: string, private signal: AbortSignal) {}

  async load(offset = 0): Promise<void> {
    try {
      const args = { file: this.file, path: this.path, offset, limit: page };
      const answer = await this.client.request('attrs', args, { signal: this.signal });
      this.show(offset, answer.total, answer.items);
    } catch (e) {
      if (!this.signal.aborted) {
        add(this.node, troubleLine(e));
      }
    }
  }

  private show(offset: number, total: number, items: Attribute[]): void {
    if (offset === 0 && items.length > 0) {
      add(this.node, el('table', { class: 'gofive-pairs' }, el('caption', {}, `Attributes (${countText(total)})`), this.body), this.more);
    }
    add(this.body, ...items.map(attributeRow));
    const next = offset + items.length;
    const left = total - next;
    fill(this.more, left > 0 && items.length > 0 && textButton(`${countText(left)} more`, 'List more attributes', () => void this.load(next)));
  }
}

function attributeRow(a: Attribute & { error?: string }): HTMLElement {
  const kind = [a.dtype, a.shape?.length ? shapeText(a.shape) : ''].filter(Boolean).join(' ');
  const value = el('td', { class: a.error ? 'gofive-bad' : 'gofive-value' });
  value.textContent = visibleLines(a.error || a.text || '') + (a.truncated ? ' …' : '');
  return el('tr', { title: kind }, el('th', { scope: 'row' }, a.name), value);
}
