import { Host } from '../core/host';
import { copy, save } from '../shell/browser';
import { Session } from '../shell/session';
import { Dock } from './dock';

/** The panel "HDF5" at the left of a notebook, the viewers below it and the button that shows both. */
export class Sidebar {
  readonly session: Session;
  readonly host: Host;
  private readonly side = document.createElement('div');
  private readonly dock: Dock;
  private readonly site = document.getElementById('site')!;

  /** jupyter is the page's global of this name. */
  constructor(private readonly jupyter: any) {
    const page = document.createElement('div');
    page.className = 'gofive-sidebar-page';
    this.side.id = 'gofive-hdf5';
    this.side.className = 'gofive-sidebar gofive-sidebar-notebook';
    this.side.setAttribute('role', 'complementary');
    this.side.setAttribute('aria-label', 'HDF5');
    this.side.hidden = true;
    this.side.append(page);
    const below = document.createElement('div');
    document.body.append(this.side, below);
    this.dock = new Dock(below, () => this.place());
    this.host = {
      openViewer: (file, path) => this.dock.show(this.session, file, path),
      insertCode: code => this.insert(code),
      copy,
      save
    };
    this.session = new Session(page, this.host);
    this.quiet(this.side);
    this.quiet(below);
    window.addEventListener('resize', () => this.place());
  }

  toggle(): void {
    this.side.hidden = !this.side.hidden;
    this.place();
    if (!this.side.hidden) {
      this.side.querySelector<HTMLElement>('[tabindex="0"], button, input')?.focus();
    }
  }

  hide(): void {
    this.side.hidden = true;
    this.place();
  }

  // The notebook has shortcuts of one letter: it must not hear what is typed here.
  private quiet(node: HTMLElement): void {
    const manager = this.jupyter.keyboard_manager;
    node.addEventListener('focusin', () => manager.disable());
    node.addEventListener('focusout', e => {
      if (!node.contains(e.relatedTarget as Node | null)) {
        manager.enable();
      }
    });
  }

  private insert(code: string): void {
    const notebook = this.jupyter.notebook;
    const cell = notebook.insert_cell_below('code');
    cell.set_text(code);
    notebook.select_next();
    cell.focus_cell();
  }

  /** Puts the panel beside the notebook's page and the viewers below, which become smaller for it. */
  private place(): void {
    const top = this.site.getBoundingClientRect().top;
    const dock = document.querySelector<HTMLElement>('.gofive-dock')!;
    const left = this.side.hidden ? 0 : this.side.offsetWidth;
    const low = dock.hidden ? 0 : dock.offsetHeight;
    this.side.style.top = top + 'px';
    dock.style.left = left + 'px';
    document.body.classList.toggle('gofive-beside', left > 0);
    this.site.style.marginLeft = left ? left + 'px' : '';
    this.site.style.width = left ? `calc(100% - ${left}px)` : '';
    this.site.style.height = window.innerHeight - top - low + 'px';
  }
}
