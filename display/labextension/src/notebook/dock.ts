import { Session } from '../shell/session';

/** The viewers of a notebook, below it: one is seen, the others are behind tabs. */
export class Dock {
  private readonly tabs = document.createElement('div');
  private readonly pages = new Map<string, Page>();

  /** changed is called when the dock comes, goes or changes its height. */
  constructor(private readonly node: HTMLElement, private readonly changed: () => void) {
    node.className = 'gofive-dock';
    node.hidden = true;
    this.tabs.className = 'gofive-dock-tabs';
    node.append(this.grip(), this.tabs);
  }

  show(session: Session, file: string, path: string): void {
    const key = JSON.stringify([file, path]);
    if (!this.pages.has(key)) {
      this.add(key, session, file, path);
    }
    this.choose(key);
  }

  private add(key: string, session: Session, file: string, path: string): void {
    const page = new Page(path, () => this.choose(key), () => this.close(key));
    this.tabs.append(page.tab);
    this.node.append(page.body);
    this.pages.set(key, page);
    this.node.hidden = false;
    this.changed();
    page.view = session.view(page.body, file, path);
  }

  private choose(key: string): void {
    this.pages.forEach((page, k) => page.choose(k === key));
  }

  private close(key: string): void {
    this.pages.get(key)!.dispose();
    this.pages.delete(key);
    const last = [...this.pages.keys()].pop();
    if (last) {
      this.choose(last);
    } else {
      this.node.hidden = true;
      this.changed();
    }
  }

  private grip(): HTMLElement {
    const grip = document.createElement('div');
    grip.className = 'gofive-dock-grip';
    grip.addEventListener('pointerdown', e => grip.setPointerCapture(e.pointerId));
    grip.addEventListener('pointermove', e => {
      if (grip.hasPointerCapture(e.pointerId)) {
        const height = this.node.getBoundingClientRect().bottom - e.clientY;
        this.node.style.height = Math.max(120, height) + 'px';
        this.changed();
      }
    });
    return grip;
  }
}

class Page {
  readonly tab = document.createElement('span');
  readonly body = document.createElement('div');
  view: { dispose(): void } | null = null;
  private readonly name = document.createElement('button');

  constructor(path: string, choose: () => void, close: () => void) {
    this.tab.className = 'gofive-dock-tab';
    this.body.className = 'gofive-dock-body gofive-viewer-widget';
    this.name.type = 'button';
    this.name.textContent = path.slice(path.lastIndexOf('/') + 1) || '/';
    this.name.title = path;
    this.name.addEventListener('click', choose);
    const end = document.createElement('button');
    end.type = 'button';
    end.textContent = '\u00d7';
    end.setAttribute('aria-label', 'Close ' + path);
    end.addEventListener('click', close);
    this.tab.append(this.name, end);
  }

  choose(chosen: boolean): void {
    this.body.hidden = !chosen;
    this.name.setAttribute('aria-pressed', String(chosen));
  }

  dispose(): void {
    this.view?.dispose();
    this.tab.remove();
    this.body.remove();
  }
}
