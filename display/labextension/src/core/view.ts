import { Slicer } from './slicer';
import { Column, Lens, Source } from './source';

/** What the views of a dataset share. */
export interface Frame {
  source: Source;
  slicer: Slicer;
  /** Says in the viewer's last line what is shown; with a share of 1 a bar of progress. */
  say(text: string, share?: number): void;
  fail(e: unknown): void;
  /** Asks the user; before loads that are large. */
  ask(question: string): Promise<boolean>;
}

/** A line of a figure: a dataset or a column of one, at places of it. */
export interface Series extends Column {
  sel: string;
  label: string;
}

/** How a figure is drawn, as the protocol says it. */
export interface Look {
  range?: number[];
  logx?: boolean;
  logy?: boolean;
  labels?: string[];
  colours?: string;
  percentile?: number[];
  log?: boolean;
  turned?: boolean;
}

/** What is exported and reproduced by code. */
export interface Shown {
  sel: string;
  field: string;
  show: 'line' | 'points' | 'image' | 'picture' | 'table' | 'spectrum';
  /** What is seen of the numbers; without it they are as stored. */
  lens?: Lens;
  /** Several lines, over x, with the errors of the first one. */
  series?: Series[];
  x?: Column;
  errors?: Column;
  look?: Look;
  /** The order and the filter of a table. */
  sort?: string;
  filter?: string;
  /** A fiber and how its spectrum is drawn, as the protocol says it. */
  spectrum?: object;
}

/** View is one way to see a dataset. */
export interface View {
  readonly node: HTMLElement;
  /** Asks anew for what is shown: at first, and when the slicer or the data changed. */
  update(): void;
  /** Asks for the values again, of a dataset that was written or has grown; what is chosen, typed and zoomed stays. */
  renew(): void;
  /** What of the object is seen and how, as JSON; resume updates to it. */
  part?(): any;
  resume?(part: any): void;
  /** What is shown; null for views of the whole. */
  shown(): Shown | null;
  /** The picture of what is shown, for views that draw one. */
  canvas?(): HTMLCanvasElement;
  /** Draws again in the colours that hold now. */
  redraw?(): void;
  dispose(): void;
}
