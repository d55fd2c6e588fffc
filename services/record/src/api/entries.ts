import type { AuthenticatedRequest } from '@cabinet/kit/access/authenticate';
import type { Principal } from '@cabinet/kit/access/principal';
import { etagOf, versionFromIfMatch } from '@cabinet/kit/http/etag';
import { Cursors, keyPart, nextLink, toPage } from '@cabinet/service/http/pages';
import { Controller } from '@tsoa/runtime';
import { z } from 'zod';
import type { Contents, ListedKind } from '../domain/contents.js';
import type { FindRecord } from '../domain/find-record.js';
import { type Author, type Entry, newestOf } from '../domain/record.js';
import { entryOf, type WriteRecord } from '../domain/write-record.js';
import type { Keepable, ListQuery } from './common.dto.js';
import { type EntryResponse, entryResponse, inListOrder, listed, placeOf, versionResponse } from './responses.js';

interface EntryPage<K extends ListedKind> {
  items: EntryResponse<K>[];
  nextCursor?: string;
}

const byPlace = new Cursors('entries', z.tuple([keyPart.time, keyPart.id]));

export interface EntryPlace {
  patientId: string;
  entryId: string;
}

/** What the controllers of all kinds of entries do alike. */
export abstract class EntriesController<K extends ListedKind> extends Controller {
  protected abstract readonly kind: K;
  /** The kind's part of the address. */
  protected abstract readonly segment: string;

  constructor(
    protected readonly find: FindRecord,
    protected readonly write: WriteRecord,
  ) {
    super();
  }

  protected async page(patientId: string, query: ListQuery, request: AuthenticatedRequest): Promise<EntryPage<K>> {
    const record = await this.find.toRead(patientId, request.user);
    const cursors = byPlace.under({ patientId, kind: this.kind, enteredInError: query.enteredInError });
    const after = cursors.read(query.cursor);
    const limit = query.limit ?? 100;
    const entries = listed(record, this.kind, query.enteredInError).filter(
      (entry) => !after || inListOrder(after, placeOf(entry)) < 0,
    );
    const page = toPage(entries.slice(0, limit + 1), limit);
    const nextCursor = cursors.next(page, placeOf);
    const link = nextLink(request.originalUrl, nextCursor);
    if (link) this.setHeader('Link', link);
    return { items: page.items.map(entryResponse), nextCursor };
  }

  protected async added(
    patientId: string,
    said: { content(author: Author): Contents[K] } & Keepable,
    actor: Principal,
  ): Promise<EntryResponse<K>> {
    return this.answerAdded(patientId, await this.write.add(patientId, this.kind, said, actor));
  }

  protected answerAdded(patientId: string, entry: Entry<K>): EntryResponse<K> {
    this.setStatus(201);
    this.setHeader('Location', `/api/records/${patientId}/${this.segment}/${entry.id}/versions`);
    return this.answer(entry);
  }

  protected async amended(
    { patientId, entryId }: EntryPlace,
    { ifMatch, ...change }: { content(before: Contents[K]): Contents[K]; reason: string; ifMatch?: string } & Keepable,
    actor: Principal,
  ): Promise<EntryResponse<K>> {
    const amendment = { kind: this.kind, entryId, version: versionFromIfMatch(ifMatch), ...change };
    return this.answer(await this.write.amend(patientId, amendment, actor));
  }

  protected async history({ patientId, entryId }: EntryPlace, actor: Principal): Promise<EntryResponse<K>[]> {
    const record = await this.find.toRead(patientId, actor);
    const entry = entryOf(record, this.kind, entryId);
    this.setHeader('ETag', etagOf(newestOf(entry).number));
    return entry.versions.map((version) => versionResponse(entry, version)).reverse();
  }

  private answer(entry: Entry<K>): EntryResponse<K> {
    this.setHeader('ETag', etagOf(newestOf(entry).number));
    return entryResponse(entry);
  }
}
