import { ILabShell, ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { NotebookPanel } from '@jupyterlab/notebook';
import { TabPanel, Widget } from '@lumino/widgets';
import { Session } from '../shell/session';
import { H5WebWidget } from './h5webwidget';
import { Place, ViewerWidget } from './viewerwidget';

const RESTORE = 'gofive:restore-viewer';

/** Opens viewers: in Lab's main area, and below the notebook in Notebook 7, whose main area holds one notebook. */
export class Viewers {
  private placed: Widget[] = [];
  private readonly tracker = new WidgetTracker<ViewerWidget>({ namespace: 'gofive-viewers' });

  constructor(private readonly app: JupyterFrontEnd, private readonly lab: ILabShell | null, restorer: ILayoutRestorer | null) {
    app.commands.addCommand(RESTORE, { label: 'Show an HDF5 viewer again', execute: args => this.put(new ViewerWidget(args as unknown as Place), '') });
    void restorer?.restore(this.tracker, { command: RESTORE, args: w => w.place as any, name: w => w.name });
  }

  /** One viewer for each object of a session; the second time it comes to the front. */
  show(session: Session, notebook: NotebookPanel, file: string, path: string): void {
    const there = this.tracker.find(w => w.shows(session, file, path));
    if (there) {
      this.front(there);
      return;
    }
    const { name, path: where } = session.current?.files.find(f => f.file === file) || { name: file, path: '' };
    const widget = new ViewerWidget({ notebook: notebook.context.path, file, name, where, path, seen: null });
    widget.meet(session);
    this.put(widget, notebook.id);
    this.front(widget);
  }

  /** One H5Web for each file of a session; the second time it goes to the object that is meant. */
  showH5Web(session: Session, notebook: NotebookPanel, file: string, path: string): void {
    let widget = this.placed.find((w): w is H5WebWidget => w instanceof H5WebWidget && w.shows(session, file));
    if (!widget) {
      widget = new H5WebWidget(session, file, session.current?.files.find(f => f.file === file)?.name || file);
      this.add(widget, notebook.id);
    }
    void widget.go(path);
    this.front(widget);
  }

  /** Has viewers that were there before the page was loaded show what they showed, of a session that begins. */
  meet(session: Session, notebook: NotebookPanel): void {
    if (session.connected) {
      this.tracker.forEach(w => w.waiting && w.place.notebook === notebook.context.path && w.meet(session));
    }
  }

  // Notebook 7 shows its area below, but not the tab that is meant.
  private front(widget: Widget): void {
    this.app.shell.activateById(widget.id);
    const tabs = widget.parent?.parent;
    if (!this.lab && tabs instanceof TabPanel) {
      tabs.currentWidget = widget;
    }
  }

  private put(widget: ViewerWidget, beside: string): void {
    widget.noted = () => void this.tracker.save(widget);
    this.add(widget, beside);
    void this.tracker.add(widget);
  }

  // The first goes beside the notebook, the next behind the one before, wherever that has been put.
  private add(widget: Widget, beside: string): void {
    this.placed = this.placed.filter(w => !w.isDisposed);
    const last = this.placed[this.placed.length - 1];
    if (!this.lab) {
      widget.addClass('gofive-below');
      this.app.shell.add(widget, 'down');
    } else if (last) {
      this.lab.add(widget, 'main', { mode: 'tab-after', ref: last.id });
    } else {
      this.lab.add(widget, 'main', { mode: 'split-right', ref: beside || null });
    }
    this.placed.push(widget);
  }
}
