import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { noteStored } from '@cabinet/postgres/idempotency';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { SharedTrips } from '@cabinet/postgres/shared-trips';
import type { Templates, TemplateVersion } from '../domain/ports.js';
import { type Language, languages } from '../domain/templates/language.js';
import { type Template, type TemplateName, type TemplateText, templateNames } from '../domain/templates/template.js';
import { fileTemplate } from '../domain/templates/template-files.js';

const templateLock = 7_410_013;

interface Row {
  name: TemplateName;
  language: Language;
  nth: number;
  subject: string;
  body: string;
  short: string;
  set_by: string;
  set_at: string | Date;
}

const toVersion = ({ nth, subject, body, short, set_by, set_at }: Row): TemplateVersion => ({
  nth,
  subject,
  text: body,
  short,
  setBy: set_by,
  setAt: new Date(set_at),
});

const toTemplate = ({ name, language, nth, subject, body, short }: Row): Template => ({
  name,
  language,
  version: `practice:${nth}`,
  subject,
  text: body,
  short,
});

type Asked = Pick<Template, 'name' | 'language'>;

export class PostgresTemplates implements Templates {
  private readonly questions = new SharedTrips((asked: readonly Asked[]) => this.currentAll(asked));

  constructor(private readonly orm: Orm) {}

  current(name: TemplateName, language: Language): Promise<Template> {
    return this.questions.make({ name, language });
  }

  private async currentAll(asked: readonly Asked[]): Promise<Template[]> {
    const rows = await this.orm.em.fork().execute<Row[]>(
      `select distinct on (name, language) * from template
       where (name, language) in (select name, language from jsonb_to_recordset(?::jsonb) as row (name text, language text))
       order by name, language, nth desc`,
      [JSON.stringify(asked)],
    );
    const set = new Map(rows.map((row) => [`${row.name} ${row.language}`, toTemplate(row)]));
    return asked.map(({ name, language }) => set.get(`${name} ${language}`) ?? fileTemplate(name, language));
  }

  async all(): Promise<Template[]> {
    const rows = await this.orm.em
      .fork()
      .execute<Row[]>('select distinct on (name, language) * from template order by name, language, nth desc');
    const set = new Map(rows.map((row) => [`${row.name} ${row.language}`, toTemplate(row)]));
    return templateNames.flatMap((name) =>
      languages.map((language) => set.get(`${name} ${language}`) ?? fileTemplate(name, language)),
    );
  }

  async history(name: TemplateName, language: Language): Promise<TemplateVersion[]> {
    const rows = await rowsOf(this.orm.em.fork(), 'where name = ? and language = ? order by nth desc', name, language);
    return rows.map(toVersion);
  }

  async version(name: TemplateName, language: Language, version: string): Promise<Template | undefined> {
    const file = fileTemplate(name, language);
    if (file.version === version) return file;
    const [, nth] = /^practice:(\d{1,9})$/.exec(version) ?? [];
    if (nth === undefined) return undefined;
    const [row] = await rowsOf(
      this.orm.em.fork(),
      'where name = ? and language = ? and nth = ?',
      name,
      language,
      Number(nth),
    );
    return row && toTemplate(row);
  }

  set(
    { name, language }: { name: TemplateName; language: Language },
    text: TemplateText,
    expected: ExpectedVersion,
    by: { id: string; at: Date },
  ): Promise<TemplateVersion> {
    return this.orm.em.fork().transactional(async (tx) => {
      await tx.execute('select pg_advisory_xact_lock(?)', [templateLock]);
      const [before] = await rowsOf(tx, 'where name = ? and language = ? order by nth desc limit 1', name, language);
      assertVersion(expected, before?.nth ?? 0);
      const nth = (before?.nth ?? 0) + 1;
      await tx.execute('insert into template values (?, ?, ?, ?, ?, ?, ?, ?)', [
        name,
        language,
        nth,
        text.subject,
        text.text,
        text.short,
        by.id,
        by.at,
      ]);
      await noteStored(tx);
      return { nth, ...text, setBy: by.id, setAt: by.at };
    });
  }
}

const rowsOf = (em: EntityManager, rest: string, ...values: unknown[]): Promise<Row[]> =>
  em.execute<Row[]>(`select * from template ${rest}`, values);
