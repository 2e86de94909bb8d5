import type { ArrayShape, AttributeValues, ChildEntity, Dataset, Entity, ProvidedEntity, ScalarShape, ValuesStoreParams } from '@h5web/app';
import { Attribute } from '../core/item';
import { countText, sizeText } from '../core/format';
import { Answer, Client, ProtocolError } from '../core/protocol';
import { mostBytes } from '../core/source';
import { Datatype } from '../core/stat';
import { attributeValues, entityOf, Member, remark } from './entity';
import { rowsOf, valuesOf, wanted } from './values';
import { DataProviderApi, EntityKind } from './vendor';

/** How many members of a group H5Web is told of: what it takes to draw them grows by their square, and of 10,000 is a minute. */
const mostMembers = 1000;

/** Provider answers what H5Web asks about one file, by the comm. Disposing of it cancels what is under way. */
export class Provider extends DataProviderApi {
  private readonly stop = new AbortController();
  private readonly groups = new Map<string, Member>(); // those that their own group has told of
  private readonly attrs = new Map<string, Attribute[]>();
  private turn: Promise<unknown> = Promise.resolve();

  /** name is what H5Web calls the file. */
  constructor(private readonly client: Client, private readonly file: string, name: string) {
    super(name);
  }

  dispose(): void {
    this.stop.abort();
  }

  /**
   * H5Web asks for each group of a list at once, to see whether it is one of NeXus. They are listed one after another, so
   * that values do not wait behind them.
   */
  override async getEntity(path: string): Promise<ProvidedEntity> {
    const group = this.groups.get(path);
    if (group?.nchildren === 0) {
      return { ...entityOf(group), kind: EntityKind.Group, children: [] };
    }
    const entity = this.turn.then(() => this.load(path, group));
    this.turn = entity.catch(() => undefined);
    return entity;
  }

  override async getAttrValues({ path, attributes }: Entity): Promise<AttributeValues> {
    return attributes.length === 0 ? {} : attributeValues(this.attrs.get(path) || (await this.attributes(path)));
  }

  override async getValue({ dataset, selection = '' }: ValuesStoreParams, signal?: AbortSignal): Promise<unknown> {
    const type = dataset.rawType as Datatype;
    const bytes = countOf(dataset, selection) * (type.size || 1);
    if (bytes > mostBytes) {
      throw tooLarge(dataset.path, `it needs ${sizeText(bytes)} at once, where an answer brings ${sizeText(mostBytes)}`);
    }
    const until = signal ? AbortSignal.any([signal, this.stop.signal]) : this.stop.signal;
    const read = async (t: Datatype, field?: string) => valuesOf(await this.ask('slice', { path: dataset.path, field, sel: selection, as: wanted(t), max: mostBytes }, until), t);
    if (!('fields' in dataset.type)) {
      return read(type);
    }
    const columns = await Promise.all(type.members!.map(m => read(m.type, m.name)));
    return rowsOf(columns, isSingle(dataset, selection));
  }

  private async load(path: string, known?: Member): Promise<ProvidedEntity> {
    const member: Member = known || { ...((await this.ask('stat', { path })) as unknown as Member), path, attrs: await this.attributes(path) };
    this.note(member);
    const entity = entityOf(member);
    return entity.kind === EntityKind.Group ? { ...entity, children: await this.children(path) } : entity;
  }

  // What goes wrong in a group is told in it: as an error it would take the place of all that H5Web shows.
  private async children(path: string): Promise<ChildEntity[]> {
    const out: ChildEntity[] = [];
    try {
      for (let offset: number | undefined = 0; offset !== undefined; ) {
        const page: Answer = await this.ask('list', { path, offset, detail: true });
        (page.items as Member[]).forEach(m => this.note(m));
        out.push(...(page.items as Member[]).map(entityOf));
        offset = page.next;
        if (offset !== undefined && out.length >= mostMembers) {
          out.push(remark(path, `(${countText(page.total - out.length)} more are in the panel HDF5)`));
          break;
        }
      }
    } catch (e) {
      if (path === '/' || this.stop.signal.aborted) {
        throw e;
      }
      out.push(remark(path, `(cannot be listed: ${(e as Error).message})`));
    }
    return out;
  }

  private note(m: Member): void {
    this.attrs.set(m.path, m.attrs || []);
    if (m.kind === 'group') {
      this.groups.set(m.path, m);
    }
  }

  private async attributes(path: string): Promise<Attribute[]> {
    const out: Attribute[] = [];
    for (let offset: number | undefined = 0; offset !== undefined; ) {
      const page: Answer = await this.ask('attrs', { path, offset });
      out.push(...page.items);
      offset = page.next;
    }
    return out;
  }

  // H5Web shows the message of an error, and of one that it caused itself by cancelling a button to try again.
  private async ask(op: string, args: { path: string; [name: string]: unknown }, signal = this.stop.signal): Promise<Answer> {
    try {
      return await this.client.request(op, { file: this.file, ...args }, { signal });
    } catch (e) {
      signal.throwIfAborted();
      const { kind, message, hint } = e as ProtocolError;
      throw kind === 'too-large' ? tooLarge(args.path, message) : new Error(hint ? `${message}. ${hint}` : message);
    }
  }
}

function tooLarge(path: string, why: string): Error {
  return new Error(`${path} is too large for H5Web: ${why}. The viewer of the panel HDF5 shows any size, and has a slicer for parts.`);
}

/** A selection is as H5Web writes it: a place or a colon for each axis, '' for all. */
function countOf({ shape }: Dataset<ScalarShape | ArrayShape>, selection: string): number {
  const places = selection.split(',');
  return shape.dims.reduce((n: number, length: number, axis: number) => (!selection || places[axis] === ':' ? n * length : n), 1);
}

function isSingle({ shape }: Dataset<ScalarShape | ArrayShape>, selection: string): boolean {
  return shape.dims.length === 0 || (selection !== '' && !selection.includes(':'));
}
