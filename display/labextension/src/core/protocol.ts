// The protocol of comm target gofive.hdf5 (see PROTOCOL.md), seen from the page: requests go out by
// number, answers come back in any order, events come by themselves.

/** Carries messages to and from one kernel. Each front end has its own way of doing so. */
export interface Transport {
  send(data: object, buffers?: ArrayBuffer[]): void;
  onMessage(cb: (data: any, buffers: DataView[]) => void): void;
  onClose(cb: () => void): void;
  close(): void;
}

/** The major version of the protocol that this page speaks. */
export const VERSION = 1;

export interface OpenFile {
  file: string;
  name: string;
  path: string;
  mode: string;
  variables?: string[];
}

/** What the kernel says first. */
export interface Hello {
  server: string;
  ops: string[];
  caps: { [name: string]: any };
  files: OpenFile[];
}

/** A buffer of an answer and what the answer says of it. It need not be aligned. */
export interface Named {
  name: string;
  dtype: string;
  shape: number[];
  view: DataView;
}

/** The fields of an answer as PROTOCOL.md tells them for its op, and its buffers as such and named. */
export interface Answer {
  [field: string]: any;
  buffers: DataView[];
  arrays: Named[];
}

export interface RequestOptions {
  /** Aborting it cancels the request in the kernel. */
  signal?: AbortSignal;
  /** Gets what comes before the answer, in order. */
  onPart?: (part: Answer) => void;
}

/** An answer that is an error: kind is one of those that PROTOCOL.md lists, or closed. */
export class ProtocolError extends Error {
  readonly kind: string;
  readonly hint: string;
  readonly path: string;
  /** When to ask again, in ms, if kind is busy. */
  readonly retry: number;
  /** The whole error as it came; a too-large one says there what would fit. */
  readonly detail: { [field: string]: any };

  constructor(error: { [field: string]: any }) {
    super(error.message || error.kind || 'error');
    this.name = 'ProtocolError';
    this.kind = error.kind || 'internal';
    this.hint = error.hint || '';
    this.path = error.path || '';
    this.retry = error.retry_ms || 200;
    this.detail = error;
  }
}

/** How many requests may be under way at once; more wait here. */
const IN_FLIGHT = 4;

/** How often a busy kernel is asked again before the page is told. */
const BUSY_TRIES = 25;

class Pending {
  id = 0;
  tries = 0;
  constructor(
    readonly op: string,
    readonly args: object,
    readonly options: RequestOptions,
    readonly resolve: (a: Answer) => void,
    readonly reject: (e: Error) => void
  ) {}
}

/** Speaks the protocol over a transport. It owns the transport and closes it when disposed of. */
export class Client {
  /** Rejected when the kernel refuses, or goes before it has said hello. */
  readonly hello: Promise<Hello>;

  /** What the kernel has open, as it said last. */
  files: OpenFile[] = [];

  private greet!: (h: Hello) => void;
  private refuse!: (e: Error) => void;
  private greeted = false;
  private lastId = 0;
  private closed = false;
  private waiting: Pending[] = [];
  private underWay = new Map<number, Pending>();
  private listeners = new Map<string, Set<(data: any) => void>>();

  constructor(private transport: Transport) {
    this.hello = new Promise((resolve, reject) => {
      this.greet = resolve;
      this.refuse = reject;
    });
    this.hello.catch(() => undefined); // who waits for it hears of it; nobody must
    transport.onMessage((data, buffers) => this.receive(data, buffers));
    transport.onClose(() => this.end('the kernel closed the connection'));
  }

  /** Asks the kernel. Rejects with a ProtocolError. A busy kernel is asked again for a while. */
  request(op: string, args: object = {}, options: RequestOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(closedError('the connection to the kernel is closed'));
        return;
      }
      if (options.signal?.aborted) {
        reject(cancelledError());
        return;
      }
      const abort = () => this.abort(pending);
      const over = () => options.signal?.removeEventListener('abort', abort); // a signal may outlive many requests
      const pending = new Pending(op, args, options, a => (over(), resolve(a)), e => (over(), reject(e)));
      options.signal?.addEventListener('abort', abort);
      this.waiting.push(pending);
      this.next();
    });
  }

  /** Reports whether something that was asked about an object is not answered yet. */
  asks(file: string, path: string): boolean {
    return [...this.underWay.values(), ...this.waiting].some(({ args }: { args: any }) => args.file === file && args.path === path);
  }

  /**
   * Calls cb with each event of that name: changed, files, engine, and close when the connection
   * ends. Returns a function that stops it.
   */
  on(event: string, cb: (data: any) => void): () => void {
    const set = this.listeners.get(event) || new Set();
    this.listeners.set(event, set.add(cb));
    return () => {
      set.delete(cb);
    };
  }

  dispose(): void {
    if (!this.closed) {
      this.end('the connection to the kernel is closed');
      this.transport.close();
    }
  }

  private next(): void {
    while (!this.closed && this.underWay.size < IN_FLIGHT && this.waiting.length > 0) {
      const p = this.waiting.shift()!;
      p.id = ++this.lastId;
      this.underWay.set(p.id, p);
      this.transport.send({ ...p.args, v: VERSION, id: p.id, op: p.op });
    }
  }

  private abort(p: Pending): void {
    const at = this.waiting.indexOf(p);
    if (at >= 0) {
      this.waiting.splice(at, 1);
    } else if (this.underWay.get(p.id) === p) {
      // The kernel answers the target as cancelled, which frees its place.
      this.transport.send({ v: VERSION, id: ++this.lastId, op: 'cancel', target: p.id });
    }
    p.reject(cancelledError());
  }

  private receive(data: any, buffers: DataView[]): void {
    if (!data || typeof data !== 'object') {
      return;
    }
    if (data.event) {
      this.receiveEvent(data);
    } else if (typeof data.id === 'number') {
      this.receiveAnswer(data, buffers);
    }
  }

  private receiveEvent(data: any): void {
    if (data.event === 'hello') {
      this.greeted = true;
      this.files = data.files || [];
      this.greet(data);
    } else if (data.event === 'files') {
      this.files = data.files || [];
    } else if (data.event === 'bye') {
      this.end(data.reason || 'the kernel refused the connection');
    }
    this.emit(data.event, data);
  }

  private receiveAnswer(data: any, buffers: DataView[]): void {
    const p = this.underWay.get(data.id);
    if (!p) {
      return;
    }
    if (data.part !== undefined && data.ok === undefined) {
      if (!p.options.signal?.aborted) {
        p.options.onPart?.(answer(data, buffers));
      }
      return;
    }
    this.underWay.delete(data.id);
    if (data.ok) {
      p.resolve(answer(data, buffers));
    } else {
      this.fail(p, new ProtocolError(data.error || {}));
    }
    this.next();
  }

  private fail(p: Pending, error: ProtocolError): void {
    if (error.kind !== 'busy' || ++p.tries >= BUSY_TRIES || p.options.signal?.aborted) {
      p.reject(error);
      return;
    }
    setTimeout(() => {
      if (this.closed) {
        p.reject(closedError('the connection to the kernel is closed'));
      } else if (!p.options.signal?.aborted) {
        this.waiting.push(p);
        this.next();
      }
    }, error.retry);
  }

  private end(reason: string): void {
    if (this.closed) {
      return;
    }
    this.closed = true;
    const error = closedError(reason);
    if (!this.greeted) {
      this.refuse(error);
    }
    for (const p of [...this.underWay.values(), ...this.waiting]) {
      p.reject(error);
    }
    this.underWay.clear();
    this.waiting = [];
    this.emit('close', { event: 'close', reason });
  }

  private emit(event: string, data: any): void {
    for (const cb of [...(this.listeners.get(event) || [])]) {
      cb(data);
    }
  }
}

function answer(data: any, buffers: DataView[]): Answer {
  const told: any[] = Array.isArray(data.buffers) ? data.buffers : [];
  const arrays = told.slice(0, buffers.length).map((t, i) => ({ ...t, view: buffers[i] }));
  return { ...data, buffers, arrays };
}

function cancelledError(): ProtocolError {
  return new ProtocolError({ kind: 'cancelled', message: 'cancelled' });
}

function closedError(reason: string): ProtocolError {
  return new ProtocolError({ kind: 'closed', message: reason });
}
