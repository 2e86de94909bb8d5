import { JupyterFrontEnd, ILabShell } from '@jupyterlab/application';
import { TabPanel, Widget } from '@lumino/widgets';
import { Session } from '../shell/session';

/** Opens viewers: in Lab's main area, and below the notebook in Notebook 7, whose main area holds one notebook. */
export class Viewers {
  private made = 0;
  private last: Widget | null = null;
  private readonly open = new Map<string, Widget>();

  constructor(private readonly app: JupyterFrontEnd, private readonly lab: ILabShell | null) {}

  /** One viewer for each object of a session; the second time it comes to the front. beside is the notebook's id. */
  show(session: Session, beside: string, file: string, path: string): void {
    const key = JSON.stringify([beside, file, path]);
    const there = this.open.get(key);
    if (there) {
      this.front(there);
      return;
    }
    const widget = new ViewerWidget(session, file, path);
    widget.id = `gofive-viewer-${++this.made}`;
    this.open.set(key, widget);
    widget.disposed.connect(() => this.open.delete(key));
    this.add(widget, beside);
    this.front(widget);
  }

  // Notebook 7 shows its area below, but not the tab that is meant.
  private front(widget: Widget): void {
    this.app.shell.activateById(widget.id);
    const tabs = widget.parent?.parent;
    if (!this.lab && tabs instanceof TabPanel) {
      tabs.currentWidget = widget;
    }
  }

  // The first goes beside the notebook, the next behind the one before, wherever that has been put.
  private add(widget: Widget, beside: string): void {
    if (!this.lab) {
      widget.addClass('gofive-below');
      this.app.shell.add(widget, 'down');
    } else if (this.last && !this.last.isDisposed) {
      this.lab.add(widget, 'main', { mode: 'tab-after', ref: this.last.id });
    } else {
      this.lab.add(widget, 'main', { mode: 'split-right', ref: beside });
    }
    this.last = widget;
  }
}

class ViewerWidget extends Widget {
  private readonly view: { dispose(): void } | null;

  constructor(session: Session, file: string, path: string) {
    super();
    this.addClass('gofive-viewer-widget');
    this.title.label = path.slice(path.lastIndexOf('/') + 1) || '/';
    this.title.caption = path;
    this.title.closable = true;
    this.view = session.view(this.node, file, path);
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.view?.dispose();
      super.dispose();
    }
  }
}
