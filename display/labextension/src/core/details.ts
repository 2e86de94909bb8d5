import { AttributeList } from './attributes';
import { iconButton, textButton } from './button';
import { el, fill, keep } from './dom';
import { facts } from './facts';
import { Host } from './host';
import { isBroken, isGroup, Item, linkText } from './item';
import { Latest } from './latest';
import { MemberFilter } from './memberfilter';
import { Filter } from './members';
import { Client } from './protocol';
import { Stat } from './stat';
import { troubleLine } from './trouble';

/** What Details shows: an object, and how to filter the members that its tree lists. */
export interface Subject {
  file: string;
  path: string;
  item: Item;
  filter?: Filter;
  setFilter?(filter: Filter): void;
}

/** Details tells what is known of one object: facts, attributes, and what can be done with it. */
export class Details {
  readonly node = el('section', { class: 'gofive-details', 'aria-label': 'Details' });
  private latest = new Latest(e => fill(this.node, troubleLine(e)));
  private of = ''; // whose details stand there
  private form: HTMLElement | null = null;

  constructor(private client: Client, private host: Host) {}

  /** Shows an object; one that is shown already is looked at again, and what a user has under the hand stays. */
  show(s: Subject): void {
    const again = this.of === s.file + s.path;
    if (isBroken(s.item)) {
      this.clear();
      fill(this.node, this.heading(s), el('p', { class: 'gofive-bad' }, `Broken ${s.item.link?.kind || ''} link ${linkText(s.item)}`));
      return;
    }
    void this.latest.run(async signal => {
      const stat = (await this.client.request('stat', { file: s.file, path: s.path }, { signal })) as unknown as Stat;
      const attributes = new AttributeList(this.client, s.file, s.path, signal);
      if (again) {
        await attributes.load();
      } else {
        this.of = s.file + s.path;
        this.form = isGroup(s.item) && s.setFilter ? new MemberFilter(s.filter || {}, s.setFilter).node : null;
      }
      const parts = [this.heading(s), this.actions(s, stat), facts(stat), this.form, attributes.node];
      if (again) {
        keep(this.node, ...parts);
      } else {
        fill(this.node, ...parts); // an empty list of attributes kept from another object would stay empty
        await attributes.load();
      }
    });
  }

  clear(): void {
    this.latest.cancel();
    this.of = '';
    fill(this.node);
  }

  private heading(s: Subject): HTMLElement {
    const copy = iconButton('copy', 'Copy the path', () => this.host.copy(s.path));
    return el('h3', { class: 'gofive-heading' }, el('span', { class: 'gofive-path', title: s.path }, s.path), copy);
  }

  private actions(s: Subject, stat: Stat): HTMLElement {
    const code = (stat.code || []).join('\n');
    const view = textButton('View', 'Open a viewer', () => this.host.openViewer(s.file, s.path));
    const insert = textButton('Insert code', 'Insert a cell of Go that opens and reads this', () => this.host.insertCode(code));
    return el('div', { class: 'gofive-actions', 'data-of': s.file + s.path, 'data-code': code }, view, !!code && insert);
  }
}
